// Two runs side by side: which steps they share, and in which they differ. Pure functions.

/** Row is a step of one run, or of both. */
export interface Row {
	kind: "same" | "instead" | "here" | "there" | "moved" | "on";
	a?: number; // number of the step of this run, from 1
	b?: number; // number of the step of the other run
}

/** maxAligned bounds the steps that are matched after the runs part; later ones stand alone. */
const maxAligned = 1000;

/**
 * align matches the steps of two runs by their texts, by a longest common subsequence. The first steps are the same, as
 * many as shared says. Where a step of one run has no match, it faces one of the other that has none. Steps that both runs take, but
 * in another order, are moved. What the other run does at its end, when this one has ended, is how it goes on.
 */
export function align(a: string[], b: string[], shared: number): Row[] {
	const out: Row[] = [];
	for (let i = 1; i <= shared; i++) out.push({ kind: "same", a: i, b: i });
	const x = a.slice(shared, shared + maxAligned);
	const y = b.slice(shared, shared + maxAligned);
	let [i, j] = [0, 0];
	for (const [k, l] of [...matched(x, y), [x.length, y.length] as const]) {
		gap(out, shared + i, shared + k, shared + j, shared + l);
		if (k < x.length) out.push({ kind: "same", a: shared + k + 1, b: shared + l + 1 });
		[i, j] = [k + 1, l + 1];
	}
	gap(out, shared + x.length, a.length, shared + y.length, b.length);
	return ended(moved(out, a, b));
}

/** gap adds the steps from the i-th to the k-th of one run, and from the j-th to the l-th of the other, which have no match. */
function gap(out: Row[], i: number, k: number, j: number, l: number): void {
	while (i < k && j < l) out.push({ kind: "instead", a: ++i, b: ++j });
	while (i < k) out.push({ kind: "here", a: ++i });
	while (j < l) out.push({ kind: "there", b: ++j });
}

/** matched returns the places of a longest common subsequence. */
function matched(x: string[], y: string[]): [number, number][] {
	const width = y.length + 1;
	const best = new Uint16Array((x.length + 1) * width);
	for (let i = x.length - 1; i >= 0; i--) {
		for (let j = y.length - 1; j >= 0; j--) {
			best[i * width + j] = x[i] === y[j] ? best[(i + 1) * width + j + 1]! + 1 : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!);
		}
	}
	const out: [number, number][] = [];
	for (let i = 0, j = 0; i < x.length && j < y.length;) {
		if (x[i] === y[j]) out.push([i++, j++]);
		else if (best[(i + 1) * width + j]! >= best[i * width + j + 1]!) i++;
		else j++;
	}
	return out;
}

/** moved tells steps that both runs take, in another order, from those that one of them does not take. */
function moved(rows: Row[], a: string[], b: string[]): Row[] {
	const left = new Map<string, number>(); // unmatched steps of the other run
	for (const r of rows) if (r.kind !== "same" && r.b !== undefined) left.set(b[r.b - 1]!, (left.get(b[r.b - 1]!) ?? 0) + 1);
	const both = new Map<string, number>();
	for (const r of rows) {
		if (r.kind === "same" || r.a === undefined) continue;
		const text = a[r.a - 1]!;
		const n = both.get(text) ?? 0;
		if (n < (left.get(text) ?? 0)) both.set(text, n + 1);
	}
	const take = (of: Map<string, number>, text: string): boolean => {
		const n = of.get(text) ?? 0;
		of.set(text, n - 1);
		return n > 0;
	};
	const [here, there] = [new Map(both), new Map(both)];
	return rows.flatMap((r) => {
		if (r.kind === "same") return [r];
		const x = r.a !== undefined && take(here, a[r.a - 1]!);
		const y = r.b !== undefined && take(there, b[r.b - 1]!);
		if (!x && !y) return [r];
		const out: Row[] = [];
		if (r.a !== undefined) out.push({ kind: x ? "moved" : "here", a: r.a });
		if (r.b !== undefined) out.push({ kind: y ? "moved" : "there", b: r.b });
		return out;
	});
}

/** ended marks the steps with which the other run goes on when this one has ended. */
function ended(rows: Row[]): Row[] {
	for (let i = rows.length - 1; i >= 0 && rows[i]!.kind === "there"; i--) rows[i]!.kind = "on";
	return rows;
}

/** summary says in a sentence or two how the other run differs. */
export function summary(rows: Row[], a: string[], b: string[]): string {
	const edits = rows.filter((r) => r.kind === "here" || r.kind === "there" || r.kind === "instead");
	const order = rows.filter((r) => r.kind === "moved" && r.a !== undefined).length;
	const on = rows.filter((r) => r.kind === "on").length;
	const steps = (n: number): string => `${n} step${n === 1 ? "" : "s"}`;
	const said = edits.slice(0, 2).map((r) => edit(r, rows, a, b));
	if (edits.length > 2) said.push(`${steps(edits.length - 2)} more`);
	let out = edits.length === 0 ? "The other run takes the same steps" : `The other run differs in ${steps(edits.length)}: ${said.join("; ")}`;
	if (order > 0) out += `${edits.length === 0 ? "," : ";"} ${steps(order)} in another order`;
	return `${out}.${on > 0 ? ` It goes on for ${steps(on)}.` : ""}`;
}

/** edit says what the other run does at a row. */
function edit(r: Row, rows: Row[], a: string[], b: string[]): string {
	if (r.kind === "here") return `it leaves out step ${r.a}, ${a[r.a! - 1]}`;
	if (r.kind === "instead") return `in the place of step ${r.a}, ${a[r.a! - 1]}, it takes ${b[r.b! - 1]}`;
	const before = rows.slice(0, rows.indexOf(r)).findLast((x) => x.a !== undefined)?.a ?? 0;
	return before === 0 ? `it begins with ${b[r.b! - 1]}` : `after step ${before}, it takes ${b[r.b! - 1]}`;
}

/** facing returns the state of the other run that faces a state of this one. */
export function facing(rows: Row[], at: number): number {
	let b = 0;
	for (const r of rows) {
		if (r.a !== undefined && r.a > at) break;
		if (r.kind !== "on") b = r.b ?? b;
	}
	return b;
}

/** Line is a row as it is listed, or a number of rows in which both runs take the same steps. */
export type Line = { row: Row } | { folded: Row[] };

/** beside is how many equal steps are shown beside those that differ. */
const beside = 2;

/** folded returns rows with long runs of equal steps as one line, but for those that were opened, by their first step, and the one with a step. */
export function folded(rows: Row[], at: number, opened: ReadonlySet<number>): Line[] {
	const out: Line[] = [];
	for (let i = 0; i < rows.length;) {
		let end = i;
		while (end < rows.length && rows[end]!.kind === "same") end++;
		const first = i === 0 ? i : Math.min(end, i + beside);
		const last = end === rows.length ? end : Math.max(first, end - beside);
		const inside = rows.slice(first, last);
		if (inside.length > beside && !opened.has(inside[0]!.a!) && !inside.some((r) => r.a === at)) {
			rows.slice(i, first).forEach((row) => out.push({ row }));
			out.push({ folded: inside });
			rows.slice(last, end).forEach((row) => out.push({ row }));
		} else {
			rows.slice(i, end).forEach((row) => out.push({ row }));
		}
		if (end < rows.length) out.push({ row: rows[end]! });
		i = end + 1;
	}
	return out;
}
