package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curve is a line of a drawing.
type curve struct {
	name   string
	dashed bool
	hue    int // curves of one hue have one colour
	points plotter.XYs
}

// Okabe and Ito's palette, which people who are colour-blind can tell apart.
var hues = []color.RGBA{{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255}}

// drawing is a plot of curves over the number of distinct states, which is logarithmic.
type drawing struct {
	file, unit  string
	logarithmic bool // the other axis
	curves      []curve
}

func (d drawing) draw(folder string) error {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = "distinct states", d.unit
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{short: true}
	if d.logarithmic {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	}
	p.Legend.Top, p.Legend.Left, p.Legend.YOffs = true, true, vg.Points(-4)
	p.Legend.Padding, p.Legend.ThumbnailWidth = vg.Points(3), vg.Points(24)
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)
	for _, c := range d.curves {
		if len(c.points) == 0 {
			continue
		}
		line, points, err := plotter.NewLinePoints(c.points)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", d.file, c.name, err)
		}
		line.Color, points.Color = hues[c.hue], hues[c.hue]
		line.Width, points.Radius, points.Shape = vg.Points(1.8), vg.Points(3), draw.CircleGlyph{}
		if c.dashed {
			line.Dashes = []vg.Length{vg.Points(5), vg.Points(4)}
		}
		p.Add(line, points)
		p.Legend.Add(c.name, line, points)
	}
	if d.logarithmic {
		p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(p.Y.Min))), p.Y.Max*8
	} else {
		p.Y.Min, p.Y.Max = 0, p.Y.Max*1.5
	} // room for the legend
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font.Size, axis.Label.Padding = 12, vg.Points(6)
		axis.Tick.Label.Font.Size = font.Length(11)
	}
	return p.Save(18*vg.Centimeter, 10*vg.Centimeter, filepath.Join(folder, d.file))
}

// decades marks powers of ten on a logarithmic axis, and what lies between them without a label.
type decades struct {
	short bool // 1 M in the place of 1,000,000
}

// Ticks implements [plot.Ticker].
func (d decades) Ticks(low, high float64) []plot.Tick {
	ticks := plot.LogTicks{Prec: -1}.Ticks(low, high)
	for i, t := range ticks {
		switch power := math.Round(math.Log10(t.Value)); {
		case t.Label == "":
		case d.short && power >= 6:
			ticks[i].Label = fmt.Sprintf("%.0f M", t.Value/1e6)
		case d.short && power >= 3:
			ticks[i].Label = fmt.Sprintf("%.0f k", t.Value/1e3)
		case power >= 0:
			ticks[i].Label = digits(fmt.Sprintf("%.0f", t.Value))
		default:
			ticks[i].Label = strconv.FormatFloat(t.Value, 'f', -int(power), 64)
		}
	}
	return ticks
}

// drawAll writes the page, and its drawings beside it in the folder images.
func drawAll(d *data, folder string) error {
	images := filepath.Join(folder, "images")
	if err := os.MkdirAll(images, 0o755); err != nil {
		return err
	}
	for _, g := range d.drawings() {
		if err := g.draw(images); err != nil {
			return err
		}
	}
	return d.write(filepath.Join(folder, "performance.md"))
}

// drawings returns the drawings of what was measured.
func (d *data) drawings() []drawing {
	perGenerated := func(c cost) float64 { return c.CPU / c.Generated * 1e9 }
	bytes := func(c cost) float64 { return c.Bytes }
	seconds := func(c cost) float64 { return c.CPU }
	abd := family{"abd", []string{"2 ordered", "2"}}
	exact, prints := " -workers 1", " -workers 1 -storage fingerprint"
	return []drawing{
		{"performance-cost.svg", "nanoseconds a generated state", true, []curve{
			{"twophase", false, 0, d.grow(perGenerated, twophase, exact)},
			{"paxos", false, 1, d.grow(perGenerated, paxos, exact)},
			{"twophase over maps and slices", true, 0, d.grow(perGenerated, twophase, " maps"+exact)},
		}},
		{"performance-memory.svg", "bytes a distinct state", false, []curve{
			{"twophase, exact", false, 0, d.grow(bytes, twophase, exact)},
			{"twophase, fingerprints", true, 0, d.grow(bytes, twophase, prints)},
			{"paxos, exact", false, 1, d.grow(bytes, paxos, exact)},
			{"paxos, fingerprints", true, 1, d.grow(bytes, paxos, prints)},
		}},
		{"performance-symbolic.svg", "seconds of CPU", true, []curve{
			{"paxos, states", false, 1, d.grow(seconds, paxos, exact)},
			{"paxos, sets", true, 1, d.grow(seconds, family{"paxos", append(paxos.sizes, "2 -servers 5")}, " -strategy symbolic")},
			{"abd, states", false, 2, d.grow(seconds, abd, exact)},
			{"abd, sets", true, 2, d.grow(seconds, abd, " -strategy symbolic")},
		}},
	}
}

// grow returns what a growing system costs, by the number of its states. Sizes that were not measured are left out.
func (d *data) grow(of func(cost) float64, f family, how string) (points plotter.XYs) {
	for _, s := range searches(f) {
		c, ok := d.Costs[s.with(how).String()]
		if ok && c.distinct() >= 1e4 { // below, starting the program is what costs
			points = append(points, plotter.XY{X: c.distinct(), Y: of(c)})
		}
	}
	return points
}
