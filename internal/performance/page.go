package main

import (
	_ "embed"
	"fmt"
	"math/big"
	"os"
	"strings"
	"text/template"
)

//go:embed page.tmpl
var source string

// write writes the page.
func (d *data) write(file string) error {
	t, err := template.New("page").Funcs(template.FuncMap{"table": d.table}).Parse(source)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, d); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

// table returns the rows of a table by its name.
func (d *data) table(name string) (string, error) {
	switch name {
	case "sizes":
		return d.sizes(), nil
	case "workers":
		return d.workers(), nil
	case "storage":
		return d.compare([]string{"exact", "fingerprints"}, searches(twophase, paxos),
			" -workers 1", " -workers 1 -storage fingerprint"), nil
	case "maps":
		return d.compare([]string{"flat", "maps and slices"}, searches(twophase),
			" -workers 1", " maps -workers 1"), nil
	case "symmetry":
		return d.compare([]string{"all states", "representatives"}, searches(twophase),
			" -workers 1", " -workers 1 -symmetry"), nil
	case "forgetting":
		return d.compare([]string{"kept", "left out", "forgotten"}, reducible,
			" -workers 1 -ignored kept", " -workers 1", " -workers 1 -ignored forgotten"), nil
	case "symbolic":
		return d.compare([]string{"states", "sets of states"}, append(append([]search{}, symbolic...), beyond...),
			" -workers 1", " -strategy symbolic"), nil
	}
	return "", fmt.Errorf("there is no table %q", name)
}

// sizes is the table of one worker with exact storage.
func (d *data) sizes() string {
	t := rows{{"search", "distinct states", "generated", "CPU", "units", "a state", "peak", "a state"}}
	for _, s := range searches(twophase, paxos) {
		c, ok := d.Costs[s.with("-workers 1").String()]
		if !ok {
			continue
		}
		t = append(t, []string{"`" + s.String() + "`", digits(c.States), digits(fmt.Sprint(int64(c.Generated))),
			seconds(c.CPU), fmt.Sprintf("%.2f", c.CPU/c.Unit), fmt.Sprintf("%.0f ns", c.CPU/c.Generated*1e9), mebibytes(c.Peak),
			fmt.Sprintf("%.0f B", c.Bytes)})
	}
	return t.String()
}

// workers is the table of wall time with one worker and with two.
func (d *data) workers() string {
	t := rows{{"search", "one worker", "two workers", "faster", "CPU of two, of one"}}
	for _, s := range searches(twophase.part(2, 5), paxos.part(1, 5)) {
		one, ok := d.Costs[s.with("-workers 1").String()]
		two, also := d.Costs[s.with("-workers 2").String()]
		if ok && also {
			t = append(t, []string{"`" + s.String() + "`", seconds(one.Wall), seconds(two.Wall),
				fmt.Sprintf("%.2f", one.Wall/two.Wall), fmt.Sprintf("%.2f", two.CPU/one.CPU)})
		}
	}
	return t.String()
}

// compare is a table of ways to make the same searches: their states, CPU time and memory.
func (d *data) compare(ways []string, searches []search, how ...string) string {
	head := []string{"search"}
	for _, way := range ways {
		head = append(head, way, "CPU", "peak")
	}
	t := rows{head}
	for _, s := range searches {
		row, some := []string{"`" + s.String() + "`"}, 0
		for _, h := range how {
			c, ok := d.Costs[s.with(h).String()]
			if !ok {
				row = append(row, "", "", "")
				continue
			}
			row = append(row, digits(c.States), seconds(c.CPU), mebibytes(c.Peak))
			some++
		}
		if some > 0 {
			t = append(t, row)
		}
	}
	return t.String()
}

// rows are those of a table; the first one is its head.
type rows [][]string

// String returns a table of Markdown. All columns but the first are aligned to the right.
func (t rows) String() string {
	var b strings.Builder
	for i, row := range t {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|---|%s\n", strings.Repeat("---:|", len(row)-1))
		}
	}
	return b.String()
}

func seconds(s float64) string { return fmt.Sprintf("%.2f s", s) }

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// digits groups the digits of a number by threes.
func digits(number string) string {
	n, ok := new(big.Int).SetString(number, 10)
	if !ok {
		return number
	}
	s := n.String()
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
