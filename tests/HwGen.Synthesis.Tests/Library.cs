using HwGen.Synthesis.Liberty;

namespace HwGen.Synthesis.Tests;

/// <summary>A small library of its own for tests that need none of the installed ones.</summary>
internal static class Library
{
    public const string Text = """
        /* a library
           for tests */
        library (small) {
          time_unit : "1ns"; voltage_unit : "1V"; leakage_power_unit : "1nW";
          capacitive_load_unit (1, pf);
          nom_voltage : 1.8;
          lu_table_template (delay) { variable_1 : total_output_net_capacitance; variable_2 : input_net_transition; index_1 ("0, 1"); index_2 ("0, 2"); }
          cell (INV) { area : 2; cell_leakage_power : 3;
            pin (A) { direction : input; capacitance : 0.1; }
            pin (Y) { direction : output; function : "A'";
              timing () { related_pin : "A"; timing_sense : negative_unate;
                rise_transition (delay) { values ("1, 3", \
                                                  "5, 7"); } } } }
          cell (NAND) { area : 3; pin (A, B) { direction : input; capacitance : 0.2; } pin (Y) { direction : output; function : "!(A B)"; } }
          cell (FA) { area : 20;
            pin (X) { direction : input; capacitance : 0.1; } pin (Y) { direction : input; capacitance : 0.3; } pin (Z) { direction : input; capacitance : 0.2; }
            pin (C) { direction : output; function : "X*Y + Z & (X | Y)"; } pin (S) { direction : output; function : "X ^ Y ^ Z"; } }
          cell (FA_LARGE) { area : 30; pin (X Y Z) { direction : input; } pin (C) { direction : output; function : "X*Y+Z*X+Z*Y"; } pin (S) { direction : output; function : "X^Y^Z"; } }
          cell (FA_WRONG) { area : 1; pin (X, Y, Z) { direction : input; } pin (C) { direction : output; function : "X*Y+Z*X"; } pin (S) { direction : output; function : "X^Y^Z"; } }
          cell (HA) { area : 9; pin (A) { direction : input; } pin (B) { direction : input; } pin (C) { direction : output; function : "A B"; } pin (S) { direction : output; function : "A^B"; } }
          cell (DFF) { area : 12; ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; } pin (CK) { direction : input; clock : true; } pin (D) { direction : input; } pin (Q) { direction : output; function : "IQ"; } }
        }
        """;

    public static CellLibrary Read() => CellLibrary.Parse("small.lib", Text);
}
