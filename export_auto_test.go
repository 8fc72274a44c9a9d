package allways

import "context"

// CheckAuto is [Check], where [Auto] goes by other numbers of states and sets.
func CheckAuto[S, A any](
	ctx context.Context, m Model[S, A], o Options, states int64, sets int,
) (*Result[S, A], error) {
	c, err := compile(m)
	if err != nil {
		return nil, err
	}
	out, err := check(ctx, c, &settings{Options: o, rule: autoRule{states, sets}})
	return typedResult[S, A](out), err
}
