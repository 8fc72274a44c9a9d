import assert from "node:assert/strict";
import { test } from "node:test";
import { blocks, followed, power, product, units, type GrowthPart } from "./growth.ts";

const part = (path: string, values: number, late = 0): GrowthPart => ({ path, values, late, latest: "", counter: false });

const actors = ["s-1", "s-1.b", "c"];

test("parts are grouped by what a state is put together from", () => {
	const all = units([
		part("s-1.Term", 10), part("s-1", 100), part("len(s-1.Log)", 3), part("stored by s-1.Term", 2), part("s-1.b.Term", 5), part("s-1.b", 5),
		part("inbox of s-1", 1000), part("len(inbox of s-1)", 4), part("message Vote.Term", 3), part("len(message Append.Entries)", 2), part("history", 50),
	], actors);
	assert.deepEqual(all.map((u) => [u.kind, u.name, u.actor, u.whole?.values, u.fields.map((f) => f.name)]), [
		["inbox", "inbox of s-1", 0, 1000, ["len(messages)"]],
		["actor", "s-1", 0, 100, ["Term", "len(Log)", "stored.Term"]],
		["field", "history", -1, 50, []],
		["actor", "s-1.b", 1, 5, ["Term"]],
		["messages", "fields of messages", -1, undefined, ["Vote.Term", "len(Append.Entries)"]],
	]);
	assert.ok(Math.abs(product(all) - Math.log10(1000 * 100 * 50 * 5)) < 1e-9);
});

test("fields of a state without actors are its units", () => {
	const all = units([part("Nodes[*].Term", 10), part("len(Nodes)", 10), part("Red", 7), part("state", 3)], []);
	assert.deepEqual(all.map((u) => [u.name, u.whole?.values, u.fields.map((f) => f.name), Math.round(10 ** u.size)]), [
		["Nodes", undefined, ["[*].Term", "len(Nodes)"], 100], ["Red", 7, [], 7], ["state", 3, [], 3],
	]);
});

test("blocks fill the width, and fields that of their unit", () => {
	const all = blocks(units([part("s-1", 100, 50), part("s-1.A", 10), part("s-1.B", 1000), part("c", 100), part("message M.x", 9)], actors));
	const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
	const first = all.filter((b) => !b.field);
	assert.equal(first.length, 2);
	assert.ok(near(first[0]!.from, 0) && near(first[0]!.to, 0.5) && near(first[1]!.to, 1) && first[0]!.late === 0.5);
	const fields = all.filter((b) => b.field);
	assert.deepEqual(fields.map((b) => b.field!.name), ["B", "A"]);
	assert.ok(near(fields[0]!.from, 0) && near(fields[0]!.to, 0.375) && near(fields[1]!.to, 0.5));
	assert.deepEqual(blocks([]), []);
});

test("numbers by their logarithm", () => {
	assert.equal(power(0), "1");
	assert.equal(power(Math.log10(143085)), "143,085");
	assert.equal(power(13.69), "4.9 × 10¹³");
});

test("a part is followed where the state shows it", () => {
	const cases: [string, string][] = [
		["s-1", 'actors["s-1"]'], ["s-1.Durable.Term", 'actors["s-1"].Durable.Term'], ["len(s-1.Log)", 'actors["s-1"].Log'],
		["s-1.Log[*].Term", 'actors["s-1"].Log'], ["s-1[*]", 'actors["s-1"]'], ["c.N", "actors.c.N"], ["stored by c.Log[*].Term", "stored.c.Log"], ["stored by c", "stored.c"],
		["inbox of c", "inFlight"], ["message Vote.Term", "inFlight"], ["what they saw", 'observed["what they saw"]'], ["history", "observed.history"],
	];
	for (const [path, want] of cases) assert.equal(followed(path, actors), want, path);
	assert.equal(followed("len(Nodes)", []), "Nodes");
	assert.equal(followed("Nodes[*].Term", []), "Nodes");
	assert.equal(followed("Red.Blue", []), "Red.Blue");
});
