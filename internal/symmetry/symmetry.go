// Package symmetry sorts the interchangeable parts of a state. A plan, compiled once for a state
// type, finds the identifiers in it: arrays and slices that are indexed by them, map keys, and
// values that refer to them. Package plan knows what the content of a value is; this one knows
// which contents a renaming of identifiers makes equal.
//
// # Representatives
//
// If servers are interchangeable, states that differ only in the names of servers behave alike, and
// a search needs one of them. Such states form an orbit of up to n! members. The search replaces
// each state by a representative of its orbit, a technique called symmetry reduction (Ip and Dill:
// Better verification through symmetry, FMSD 1996). A representative is the member that results if
// the identifiers are sorted by content, and then named in that order.
//
// It is sound if the representative is a member of the orbit, whichever one it is: a state is only
// ever replaced by a renaming of itself. It is complete, with one representative for each orbit, if
// the order depends on content only, never on the names. To find the least of all n! renamings
// would guarantee that, and take n! steps. Here it takes a few passes, and a search only among identifiers that
// these passes leave alike; see search.go.
//
// Identifiers may be of several kinds, such as acceptors and values. A renaming renames each kind on its own, so
// that the renamings are all pairs of a renaming of the one and a renaming of the other. To canonize by one kind
// after the other would not do: what is least by acceptors need not be so once values have other names. All
// identifiers are therefore sorted together, where those of different kinds never change places.
//
// There are two levels of effort. In many models everything that belongs to an identifier are
// numbers at fixed places, and nothing refers to identifiers: then these numbers are gathered into
// one or a few words, which are sorted; see [Plan.Sort]. Otherwise identifiers are distinguished
// step by step, like the nodes of a graph in a test for isomorphism, by what belongs to them and
// what refers to them; see work.
//
// # What has to be declared
//
// That the parts of a system are interchangeable is a claim about its behaviour, which no look at a
// state can prove: two servers with equal fields may be treated differently by an if. The claim is
// made by the declaration, and searches test a sample of it. What a declaration must also say is
// where identifiers occur. Values of the identifiers' type say it by their type. Indexes do not, as
// they are not stored, so arrays and slices that are indexed are tagged. A place that is missed
// would not make the search fail; it would make it wrong or useless: a renaming that leaves a
// reference behind leads to a state that the model never reaches, and the sample catches that; one
// that leaves an array unsorted only keeps states apart. So tags are checked as strictly as types
// allow, and a tag that resembles one without being one is an error.
package symmetry

import (
	"reflect"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// Kind is a kind of identifiers: those from 0 to N-1 of an integer type.
type Kind struct {
	Type reflect.Type
	N    int
}

// kind is a Kind within a plan. A plan numbers the identifiers of all kinds in one row.
type kind struct {
	Kind
	base    int      // number of the first one
	columns []column // scalars at fixed places, which give identifiers their first ranks
	words   int      // words of the key that joins the columns of an identifier
	keys    int      // place of the keys among those of all kinds
}

// Plan is the compiled treatment of one state type and its kinds of identifiers. It is safe for
// concurrent use. Apart from caches it is immutable. Get one from [Compile] or [Permuter].
type Plan struct {
	kinds   []*kind
	n       int // identifiers of all kinds
	keys    int // words of their keys
	root    *node
	content *plan.Plan // content of states
	whole   bool       // the columns are all that there is
	dynamic sync.Map   // reflect.Type -> *node, of types met in interfaces
	limit   int        // most references that are followed in one state
	pool    sync.Pool
}

// Compile makes the plan for states of type t that are indexed by identifiers of some kinds. The error is a
// [*DeclarationError].
func Compile(t reflect.Type, kinds ...Kind) (*Plan, error) {
	p, err := compile(t, kinds)
	if err != nil {
		return nil, err
	}
	for _, k := range p.kinds {
		if !p.mentioned(k) {
			return nil, &DeclarationError{Path: typePath(t), Reason: "nothing in it is indexed by, keyed by or refers to " +
				k.Type.String() +
				`: tag the arrays that are, as in RM [3]State ` + "`allways:\"indexed=" + k.Type.Name() + "\"`"}
		}
	}
	if p.content, err = plan.Of(t); err != nil {
		return nil, &DeclarationError{Path: typePath(t), Reason: err.Error()}
	}
	p.findColumns()
	return p, nil
}

// Permuter makes a plan for [Plan.Permute] only, which renames identifiers and does not sort them.
// It is nil if no value of the type can mention an identifier. Systems of actors use it: there the
// order of the identifiers follows from the whole system, of which one value is a part.
func Permuter(t, id reflect.Type, n int) (*Plan, error) {
	p, err := compile(t, []Kind{{id, n}})
	if err != nil || !p.root.mentions {
		return nil, err
	}
	return p, nil
}

// Sorted reports whether [Plan.Sort] gives the representative, so that [Plan.Rename] is not needed.
func (p *Plan) Sorted() bool { return p.whole }

// Rename gives the identifiers of the state at v the names that they have in the representative.
// The caller passes a shallow copy of the state. Rename writes to this copy; memory that it refers
// to is replaced, and never changed.
//
// It reports false, and leaves v in an unusable form, if the state is its own representative. That
// is so if its identifiers are sorted, or if it cannot be renamed because an indexed slice has the
// wrong length or its pointers run in a circle.
//
// It panics with a [*DeclarationError] if an interface holds a type with a wrong tag.
func (p *Plan) Rename(v unsafe.Pointer) bool {
	w := p.borrow()
	defer p.pool.Put(w)
	if !w.order(v) {
		return false
	}
	w.rename(p.root, v)
	return !w.failed
}

// Permute gives every identifier i that the value at v mentions the name to[i]. As for
// [Plan.Rename], v is a shallow copy, and unusable if Permute reports false because the value
// cannot be renamed. A nil plan has nothing to do.
func (p *Plan) Permute(v unsafe.Pointer, to []int) bool {
	if p == nil {
		return true
	}
	w := p.borrow()
	defer p.pool.Put(w)
	for i, x := range to {
		w.to[i] = uint64(x)
	}
	w.rename(p.root, v)
	return !w.failed
}

// borrow returns scratch memory, to be put back to the pool.
func (p *Plan) borrow() *work {
	w := p.pool.Get().(*work)
	w.reset()
	return w
}
