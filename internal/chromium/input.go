package chromium

import "fmt"

// special are the keys whose name is not what they type.
var special = map[string]struct {
	code int
	text string
}{
	"Enter": {13, "\r"}, "Escape": {27, ""}, "Tab": {9, ""}, "ArrowDown": {40, ""}, "ArrowUp": {38, ""}, "Home": {36, ""},
	"End": {35, ""}, "PageDown": {34, ""}, "PageUp": {33, ""}, "Backspace": {8, ""},
	"Delete": {46, ""}, "ArrowLeft": {37, ""}, "ArrowRight": {39, ""},
}

// Press presses keys one after the other: letters and signs, or names such as Enter.
func (tab *Tab) Press(keys ...string) {
	tab.t.Helper()
	for _, key := range keys {
		down := object{"type": "keyDown", "key": key}
		if s, ok := special[key]; ok {
			down["windowsVirtualKeyCode"] = s.code
			if s.text != "" {
				down["text"] = s.text
			}
		} else {
			down["text"] = key
		}
		tab.call("Input.dispatchKeyEvent", down, nil)
		tab.call("Input.dispatchKeyEvent", object{"type": "keyUp", "key": key}, nil)
	}
}

// Type writes text into the field that has the focus.
func (tab *Tab) Type(text string) {
	tab.t.Helper()
	tab.call("Input.insertText", object{"text": text}, nil)
}

// place returns the middle of an element that is in view and not covered.
const place = `(() => {
	const e = %s;
	if (!e) return "there is no such element";
	e.scrollIntoView({block: "nearest", inline: "nearest"});
	const r = e.getBoundingClientRect();
	const [x, y] = [r.x + r.width / 2, r.y + r.height / 2];
	const top = document.elementFromPoint(x, y);
	if (!top || !(e.contains(top) || top.contains(e))) return "it is covered by " + top?.outerHTML.slice(0, 200);
	return [x, y];
})()`

// Click clicks on the middle of an element, which an expression of JavaScript names.
func (tab *Tab) Click(element string) {
	tab.t.Helper()
	p, ok := tab.Eval(fmt.Sprintf(place, element)).([]any)
	if !ok {
		tab.t.Fatalf("cannot click on %s: %v", element, tab.Eval(fmt.Sprintf(place, element)))
	}
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		tab.call("Input.dispatchMouseEvent", object{
			"type": kind, "x": p[0], "y": p[1], "button": "left", "clickCount": 1,
		}, nil)
	}
}

// Choose gives a file to a field for files, which an expression of JavaScript names.
func (tab *Tab) Choose(element, file string) {
	tab.t.Helper()
	var r struct{ Result struct{ ObjectID string } }
	tab.call("Runtime.evaluate", object{"expression": element}, &r)
	tab.call("DOM.setFileInputFiles", object{"objectId": r.Result.ObjectID, "files": []string{file}}, nil)
}
