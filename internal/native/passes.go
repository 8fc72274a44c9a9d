package native

import (
	"maps"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/usercode"
)

// Strategy is a search of the engine.
type Strategy func(engine.Space, *engine.Config) (*engine.Outcome, error)

// Search searches a space. If it is one that forgets, the search is repeated until it was right to forget what it
// did; the outcome is that of the last one. levels says that the search asks between two levels, while
// all workers rest, whether it must stop: one that is wrong then ends early.
func Search(of gospace.Space, cfg *engine.Config, search Strategy, levels bool) (*engine.Outcome, error) {
	sp, ok := of.(*space)
	if !ok {
		return search(of, cfg)
	}
	f, ok := sp.native.(engine.Forgetful)
	if !ok || !f.Forgets() {
		return search(of, cfg)
	}
	p := &passes{space: sp, cfg: cfg, search: search, levels: levels, forgetful: f}
	return p.run()
}

// passes are the searches of a space that forgets.
type passes struct {
	space     *space
	forgetful engine.Forgetful
	cfg       *engine.Config
	search    Strategy
	levels    bool

	learner  *worker      // worker that learns from the current pass
	retracer engine.Whole // makes trails of the current pass real; nil until it is needed
	wrong    bool         // whether the current pass was wrong
	number   int
	judge    int64 // states that the next pass must have to be judged before its end
	asked    int   // times that a search of sets has asked in this pass
	failed   bool  // whether nothing can be learned

	reviewed bool                      // a right pass was looked at again
	right    *engine.Outcome           // outcome of a pass that was right, and forgot less than it should; or nil
	early    map[int]*engine.Discovery // findings of passes that were wrong
}

func (p *passes) run() (*engine.Outcome, error) {
	p.early = map[int]*engine.Discovery{}
	p.judge = firstJudged
	for visit := p.cfg.Visit; ; {
		cfg := *p.cfg
		cfg.Visit = nil
		if p.number > 0 && !p.wrong {
			cfg.Visit = p.visit(visit)
		}
		out, err := p.pass(&cfg)
		if err != nil {
			return nil, err
		}
		over := p.ended(out, p.failed || cfg.Visit != nil) // the pass before a shown one was the same, and right
		switch {
		case over && p.right != nil && visit == nil:
			return p.right, nil
		case over || !p.learn() && !p.review(out) && (visit == nil || cfg.Visit != nil):
			p.complete(out, !over || p.forgetful.Honest())
			return out, nil
		case p.forgetful.Honest():
			maps.Copy(p.early, out.Discoveries)
		}
	}
}

// pass makes one search.
func (p *passes) pass(cfg *engine.Config) (*engine.Outcome, error) {
	p.number, p.wrong, p.asked = p.number+1, false, 0
	p.space.passes++
	p.space.workers, p.retracer = nil, nil
	p.forgetful.Begin(!p.failed)
	p.learner = p.space.newWorker()
	if p.levels && !p.failed {
		stop := cfg.Stop
		cfg.Stop = func(decided engine.Mask, m *engine.Misbehaviour) bool {
			if stop != nil && stop(decided, m) {
				return true
			}
			return p.due() && p.learn()
		}
	}
	return p.search(p.space, cfg)
}

// A pass is judged before its end once it has firstJudged states, and the next one, or the same again, not before it
// has judgedAgain times as many: what a wrong pass shows beside its first mistake is what spares the passes after it,
// so that few long ones cost less than many short ones, and all but the last two cost little.
const (
	firstJudged = 16
	judgedAgain = 32
)

// due reports whether the pass is to be judged before its end. The states are counted when a level is complete, hence
// the same in every run. A search of sets counts none: it is judged when it asks for the first, second, fourth time and
// so on.
func (p *passes) due() bool {
	n := p.cfg.Budget.Distinct.Load()
	if n == 0 {
		p.asked++
		return p.asked&(p.asked-1) == 0
	}
	if n < p.judge {
		return false
	}
	p.judge = judgedAgain * max(n, firstJudged)
	return true
}

// review reports whether a pass that was right has forgotten less than it should, since wrong passes that were no runs
// have taught too much. Which these were must not be seen in what is counted.
func (p *passes) review(out *engine.Outcome) bool {
	if p.reviewed || p.failed || p.space.passes == 1 || out.StopReason != engine.StopReasonNone || p.forgetful.Honest() {
		return false
	}
	p.reviewed = true
	err := p.guard(func() error {
		p.wrong = p.learner.NativeWorker.(engine.ForgetfulWorker).Review()
		return nil
	})
	switch {
	case err != nil:
		p.wrong, p.failed = true, true
	case p.wrong: // another pass may not have the time
		p.right = out
		p.complete(out, true)
	}
	return p.wrong
}

// learn learns from the pass, and reports whether it was wrong. If user code does not let it learn, nothing will be
// forgotten.
func (p *passes) learn() bool {
	if p.wrong || p.failed {
		return p.wrong
	}
	err := p.guard(func() error {
		p.wrong = p.learner.NativeWorker.(engine.ForgetfulWorker).Learn()
		return nil
	})
	if err != nil {
		p.wrong, p.failed = true, true
	}
	return p.wrong
}

// ended reports whether no pass may follow. Then a search that is not known to have been right is not complete,
// even if no state was left: the run may have ended just behind the last one.
func (p *passes) ended(out *engine.Outcome, known bool) bool {
	switch out.StopReason {
	case engine.StopReasonTime, engine.StopReasonCanceled, engine.StopReasonCallback, engine.StopReasonMemory,
		engine.StopReasonIDs:
		return true
	}
	ended := p.cfg.Budget.Ended()
	if ended != engine.StopReasonNone && (p.wrong || !known && out.StopReason == engine.StopReasonNone) {
		out.StopReason = ended
	}
	return ended != engine.StopReasonNone
}

// complete makes the outcome of the last pass that of all. What an earlier pass has found is true, too, if it is kept,
// and counts if a limit has kept the last one from finding it. If the last pass may have been wrong, only that counts
// which a run of the model shows.
func (p *passes) complete(out *engine.Outcome, sure bool) {
	if p.failed && !p.wrong {
		return // nothing was forgotten in the last pass
	}
	out.Passes = p.number
	for i, d := range p.early {
		if out.Discoveries[i] == nil && out.StopReason != engine.StopReasonNone {
			out.Discoveries[i] = d
		}
	}
	for i, d := range out.Discoveries {
		ends := p.space.Kinds(property.Deadlock)&(1<<i) != 0
		if d.Trail = p.real(d.Trail, ends); d.Trail == nil && !sure {
			delete(out.Discoveries, i)
		}
	}
	d := out.Misbehaviour
	switch {
	case d == nil:
	case sure || d.Err.Kind == engine.ErrorStuck:
		d.Trail = p.real(d.Trail, false)
	default:
		out.Misbehaviour = nil
		if ended := p.cfg.Budget.Ended(); ended != engine.StopReasonNone {
			out.StopReason = ended
		}
	}
}

// real returns the trail of a run of the model, which perhaps ends without a step; nil if it cannot be found.
func (p *passes) real(t *engine.Trail, ends bool) (r *engine.Trail) {
	if p.retracer == nil {
		p.retracer = p.space.newWorker().NativeWorker.(engine.ForgetfulWorker).Whole()
	}
	x := p.retracer
	err := p.guard(func() (err error) {
		r, err = realized(x, t, ends)
		return err
	})
	if err != nil {
		p.retracer = nil // user code may still run in it
		return nil
	}
	return r
}

// visit shows real paths to a visitor.
func (p *passes) visit(visit func(*engine.Visit)) func(*engine.Visit) {
	if visit == nil {
		return nil
	}
	return func(v *engine.Visit) {
		shown := *v
		shown.Trail = func() *engine.Trail { return p.real(v.Trail(), false) }
		visit(&shown)
	}
}

// guard runs what calls user code.
func (p *passes) guard(f func() error) (err error) {
	exited := usercode.Aside(p.cfg.Budget.Watch(), func() {
		if panicked := usercode.Run("the system", func() { err = f() }); panicked != nil {
			err = panicked
		}
	}, p.learner.Call)
	if exited != nil {
		return exited
	}
	return err
}
