// Included before everything else when Verilator's runtime is compiled: what a design prints goes to the shim, which keeps
// it for the caller, and not to the standard output of the process that the model runs in.
#ifndef HWGEN_VERILATOR_PRINT_H
#define HWGEN_VERILATOR_PRINT_H

extern "C" __attribute__((format(printf, 1, 2))) int hwgen_print(const char* format, ...);

#define VL_PRINTF hwgen_print
// The shim defines these: the usual ones end the process.
#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_FATAL
#define VL_USER_WARN

#endif
