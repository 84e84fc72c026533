using HwGen.Netlist;

namespace HwGen.Cim;

// Which word is worked on, and which spare rows stand for which rows.
public sealed partial class RramControl
{
    /// <summary>The word that is worked on; upwards come the spare rows first, then the rows of lane 0, and so on; downwards the same in reverse.</summary>
    private sealed class Walk
    {
        private readonly RramControl _control;
        private readonly Register _lane, _onSpare;
        private readonly Register? _group, _spare;
        private readonly Signal _lastGroup, _firstGroup;

        public Walk(RramControl control)
        {
            _control = control;
            var configuration = control._configuration;
            control.Register(out _lane, configuration.LaneBits, name: "lane_now");
            control.Register(out _onSpare, 1, reset: 0, name: "is_spare");
            (_lastGroup, _firstGroup) = (control.Constant(1, 1), control.Constant(1, 1));
            if (configuration.Groups > 1)
            {
                control.Register(out var group, configuration.GroupAddressBits, name: "group_now");
                _group = group;
                (_lastGroup, _firstGroup) = (group.EqualTo(configuration.Groups - 1), group.EqualTo(0));
            }

            if (configuration.SpareRows > 0)
            {
                control.Register(out var spare, configuration.SpareBits, name: "spare_now");
                _spare = spare;
                control.Spare!.Drive(spare);
            }

            control.Wire(out var lastUp, ~_onSpare & _lastGroup & _lane.EqualTo(configuration.Lanes - 1), name: "last_up");
            LastUp = lastUp;
            LastRow = _lastGroup & _lane.EqualTo(configuration.Lanes - 1);
            LastDown = _spare is null ? _firstGroup & _lane.EqualTo(0) : _onSpare & _spare.EqualTo(0);
            control.Lane.Drive(_lane);
            control.OnSpare.Drive(_onSpare);
            control.Group?.Drive(_group!);
        }

        public Signal Lane => _lane;

        public Signal? Group => _group;

        public Signal OnSpare => _onSpare;

        public Signal? Spare => _spare;

        public Signal LastUp { get; }

        public Signal LastDown { get; }

        /// <summary>1 at the last row, whether a spare row stands for it or not.</summary>
        public Signal LastRow { get; }

        public void Take(Signal lane, Signal? group)
        {
            _lane.Drive(lane);
            _group?.Drive(group!);
        }

        public void First(bool spares)
        {
            _lane.Drive(0);
            _group?.Drive(0);
            _spare?.Drive(0);
            _onSpare.Drive(spares && _spare is not null ? 1 : 0);
        }

        public void Last()
        {
            _lane.Drive(_control._configuration.Lanes - 1);
            _group?.Drive(_control._configuration.Groups - 1);
            _onSpare.Drive(0);
        }

        public void GoToSpare(Signal isSpare, Signal spare)
        {
            _onSpare.Drive(isSpare);
            _spare?.Drive(spare);
        }

        /// <summary>Goes to the next row, whether a spare row stands for this one or not.</summary>
        public void NextRow()
        {
            _group?.Drive(_control.Choose(_lastGroup, _control.Constant(0, _group.Width), _group + 1));
            _control.When(_lastGroup, () => _lane.Drive(_lane + 1));
        }

        public void Up()
        {
            if (_spare is null)
            {
                NextRow();
                return;
            }

            _control.When(_onSpare, () =>
            {
                _spare.Drive(_spare + 1);
                _control.When(_spare.EqualTo(_control._configuration.SpareRows - 1), () => _onSpare.Drive(0));
            }).Else(NextRow);
        }

        public void Down()
        {
            void Rows()
            {
                _group?.Drive(_control.Choose(_firstGroup, _control.Constant(_control._configuration.Groups - 1, _group.Width), _group - 1));
                _control.When(_firstGroup, () => _lane.Drive(_lane - 1));
            }

            if (_spare is null)
            {
                Rows();
                return;
            }

            _control.When(_onSpare, () => _spare.Drive(_spare - 1)).Else(() =>
            {
                Rows();
                _control.When(_firstGroup & _lane.EqualTo(0), () =>
                {
                    _onSpare.Drive(1);
                    _spare.Drive(_control._configuration.SpareRows - 1);
                });
            });
        }
    }

    /// <summary>The map of the spare rows.</summary>
    private sealed class Spares
    {
        private readonly RramControl _control;
        private readonly Walk _walk;
        private readonly Register[] _used, _bad, _lane;
        private readonly Register[]? _group;
        private readonly Signal _free, _hits;

        public Spares(RramControl control, Walk walk)
        {
            (_control, _walk) = (control, walk);
            var configuration = control._configuration;
            var count = configuration.SpareRows;
            (_used, _bad, _lane) = (new Register[count], new Register[count], new Register[count]);
            _group = configuration.Groups > 1 ? new Register[count] : null;
            var free = new Signal[count];
            var hits = new Signal[count];
            for (var i = 0; i < count; i++)
            {
                using var scope = control.Scope(FormattableString.Invariant($"map_{i}"));
                control.Register(out _used[i], 1, reset: 0, name: "used");
                control.Register(out _bad[i], 1, reset: 0, name: "bad");
                control.Register(out _lane[i], configuration.LaneBits, name: "lane");
                var hit = _used[i] & _lane[i].EqualTo(walk.Lane);
                if (_group is not null)
                {
                    control.Register(out _group[i], configuration.GroupAddressBits, name: "group");
                    hit &= _group[i].EqualTo(walk.Group!);
                    control.SpareGroup[i].Drive(_group[i]);
                }

                control.SpareUsed[i].Drive(_used[i]);
                control.SpareLane[i].Drive(_lane[i]);
                free[count - 1 - i] = ~_used[i] & ~_bad[i];
                hits[count - 1 - i] = hit;
            }

            _free = count == 0 ? control.Constant(0, 1) : control.Concatenate(free);
            _hits = count == 0 ? control.Constant(0, 1) : control.Concatenate(hits);
            control.Wire(out var anyFree, _free.AnyOne(), name: "any_free");
            AnyFree = anyFree;
        }

        /// <summary>1 when a spare row is neither in use nor bad.</summary>
        public Signal AnyFree { get; }

        /// <summary>Goes to the spare row that stands for the row, if one does.</summary>
        public void Find()
        {
            if (_used.Length > 0)
            {
                _walk.GoToSpare(_hits.AnyOne(), Index(_hits));
            }
        }

        /// <summary>What the steps do to the map.</summary>
        /// <param name="repairs">The row that is written takes the next spare row; a spare row that it had is bad.</param>
        /// <param name="assigns">The row takes the next spare row.</param>
        /// <param name="isBadSpare">The spare row that is worked on is bad.</param>
        /// <param name="forgets">All is forgotten.</param>
        public void Update(Signal repairs, Signal assigns, Signal isBadSpare, Signal forgets)
        {
            if (_used.Length == 0)
            {
                _control.Discard(repairs);
                _control.Discard(assigns);
                _control.Discard(isBadSpare);
                _control.Discard(forgets);
                return;
            }

            _control.Wire(out var free, Index(_free), name: "next_free");
            for (var i = 0; i < _used.Length; i++)
            {
                var (used, bad, lane, index) = (_used[i], _bad[i], _lane[i], i);
                _control.When(((repairs & _walk.OnSpare & AnyFree) | isBadSpare) & _walk.Spare!.EqualTo(index), () =>
                {
                    used.Drive(0);
                    bad.Drive(1);
                });
                _control.When((repairs | assigns) & AnyFree & free.EqualTo(index), () =>
                {
                    used.Drive(1);
                    lane.Drive(_walk.Lane);
                    _group?[index].Drive(_walk.Group!);
                });
                _control.When(forgets, () =>
                {
                    used.Drive(0);
                    bad.Drive(0);
                });
            }

            _control.When(repairs & AnyFree, () => _walk.GoToSpare(_control.Constant(1, 1), free));
        }

        /// <summary>The lowest bit that is 1.</summary>
        private Signal Index(Signal bits)
        {
            var index = _control.Constant(bits.Width - 1, _control._configuration.SpareBits);
            for (var i = bits.Width - 2; i >= 0; i--)
            {
                index = _control.Choose(bits[i], _control.Constant(i, index.Width), index);
            }

            return index;
        }
    }
}
