// The HTTP interface of the server. The types are those of openapi.json. A page that was saved as one file holds its
// answers itself, and asks no server.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Model {
	api: number;
	title: string;
	model: string;
	params: string[];
	types: string;
	replay?: string;
	properties: { name: string; kind: string }[];
	predicates: string[]; // questions by name, besides the properties
	notes: string[];
	actors: string[];
	symmetric: boolean;
	recording: boolean; // one is open
	source: boolean; // Go tests can be made of traces
	inits: { path: string; text: string }[];
}

export interface Next {
	index: number;
	name: string;
	text: string;
	effect: boolean;
	within: boolean;
	selfLoop: boolean;
	visited: boolean;
	error?: string;
}

/** Suppose is a step that the model's assumptions do not allow here. */
export interface Suppose {
	name: string;
	text: string;
	step: string; // after the path of the state
	reason: string;
}

/** Forgeable is a message that may be forged as it is, or changed before. */
export interface Forgeable {
	from: number; // -1 for outside
	to: number;
	state: number; // -1 for a new message
	text: string;
	message: string; // JSON
}

export interface Forgeables {
	messages: Forgeable[];
	cut?: string;
}

/** Outside is the first step of a path that the model's assumptions do not allow. */
export interface Outside {
	step: number;
	reason: string;
}

export interface State {
	path: string;
	state: string; // fingerprint
	depth: number;
	text: string;
	tree: Json;
	holds: { property: string; holds: boolean; error?: string }[];
	next: Next[];
	suppose: Suppose[];
	outside: Outside | null;
}

export interface Change {
	path: string;
	before?: string;
	after?: string;
}

export interface Step {
	number: number;
	index: number;
	name: string;
	text: string;
	note?: string;
	changes: Change[];
	state?: string; // fingerprint of the state that it leads to
	outside: boolean;
}

export interface Message {
	from: number;
	to: number;
	sent: number;
	text: string;
	short?: string;
}

export interface Row {
	kind: "deliver" | "lose" | "duplicate" | "note" | "crash" | "restart" | "partition" | "heal";
	message?: Message;
	at: number;
	text: string;
}

export interface Trace {
	path: string;
	length: number;
	loop: number | null;
	from: number;
	init: { text: string; state: string };
	outside: Outside | null;
	steps: Step[];
	rows: Row[];
	inFlight: Message[];
	breaks: { at: number; property: string; outside: boolean }[];
}

export interface Verdict {
	name: string;
	kind: string;
	verdict: string;
	path?: string;
	steps?: number;
	reason?: string;
}

export interface Status {
	revision: number;
	state: "idle" | "running" | "paused" | "ended";
	phase?: string;
	generated: number;
	distinct: number;
	depth: number;
	queue: number;
	memory: number;
	rate: number;
	elapsed: number;
	verdict?: string;
	complete: boolean;
	stopReason?: string;
	error?: string;
	properties: Verdict[];
	actions: { name: string; enabled: number; taken: number; new: number }[];
}

export interface Op {
	client: number;
	op: string;
	result?: string;
	invoked: number;
	returned: number | null;
}

export interface History {
	name: string;
	clients: string[];
	ops: Op[];
	conflict?: string;
}

export interface Fate {
	broken: number;
	known: boolean;
	step: number;
	good?: string;
	looked: number;
}

/** Finding is what experiments have shown of a part of a state; see openapi.json. */
export interface Finding {
	path: string;
	kind: "read" | "decides" | "fails" | "together";
	with?: string;
}

export interface Reads {
	property: string;
	holds: boolean;
	exact: boolean;
	parts: Finding[];
	tried: number;
	cut?: string;
}

export interface Growth {
	looked: number;
	visited: number;
	parts: { path: string; values: number; late: number; latest: string; counter: boolean }[];
	more: number;
}

export interface Found {
	results: { steps: number; on?: string; text?: string; outside: boolean }[];
	looked: number;
	complete: boolean;
	cut?: string;
	unknown?: string[];
}

/** Recording is what real processes did beside a path of the model, or a part of it. */
export interface Recording {
	name: string;
	path: string; // as far as the model follows
	total: number;
	followed: number;
	length: number; // events that can be asked for
	began: string;
	from: number;
	events: RecordedEvent[];
	divergence: Divergence | null;
	cut?: string;
	broken: string[];
	notes: string[];
}

export interface RecordedEvent {
	number: number;
	actor: string;
	time: string;
	text: string;
	at: number | null; // steps of the path with the event; null where the path does not follow
	steps: number; // how many of them are of the event
	faults: string[]; // steps that were not recorded and must have come before it
}

/** Divergence is the first event of a recording that the model cannot do. */
export interface Divergence {
	number: number;
	actor: string;
	text: string;
	reason: string;
	expected: string[];
	enabled: { text: string; path: string; expected: boolean }[];
	after?: string; // path with the event as the model does it
	changes: Change[];
}

export interface GraphNode {
	id: number;
	state: string; // fingerprint
	on: string; // steps after the path that the graph was asked for; the whole path without one
	depth: number;
	label: string;
	breaks: string[];
	ends: boolean;
	more: number;
}

export interface GraphEdge {
	from: number;
	to: number;
	name: string;
	text: string;
}

export interface Graph {
	nodes: GraphNode[];
	edges: GraphEdge[];
	cut?: string;
	outside: boolean; // it begins outside of the model
}

export interface Log {
	lines: { step: number; actor: number; text: string }[];
	cut?: string;
}

/** Problem is a refused request; step says how far a path could be followed. */
export class Problem extends Error {
	constructor(
		message: string,
		readonly status: number,
		readonly step = 0,
		readonly enabled: string[] = [],
	) {
		super(message);
	}
}

/** Held is what a saved page holds: a path with all its states. */
interface Held {
	model: Model;
	trace: Trace;
	states: State[];
	history: { histories: History[] };
	log: Log;
	status: Status;
}

const held = read();

function read(): Held | null {
	const text = typeof document === "undefined" ? null : document.getElementById("data")?.textContent;
	return text ? (JSON.parse(text) as Held) : null;
}

/** saved reports whether this is a page that was saved, without a server. */
export function saved(): boolean {
	return held !== null;
}

/** own answers a call from what the page holds. */
function own(h: Held, name: string, query: Query): unknown {
	switch (name) {
		case "model":
			return { ...h.model, inits: [{ path: h.trace.path, text: "" }] };
		case "trace":
			return h.trace;
		case "history":
			return h.history;
		case "log":
			return h.log;
		case "status":
			return h.status;
		case "state":
			return h.states.find((s) => s.path === query["path"]) ?? h.states[bareSteps(String(query["path"]))];
	}
	return undefined;
}

function bareSteps(path: string): number {
	const body = path.split("@")[0]!.split(":")[1] ?? "";
	return body === "" ? 0 : body.split(".").length;
}

let token = "";

/** setToken sets the secret of calls that change something. */
export function setToken(t: string): void {
	token = t;
}

export function hasToken(): boolean {
	return token !== "";
}

async function answer<T>(response: Response): Promise<T> {
	if (response.ok) return (await response.json()) as T;
	let problem: { error?: string; step?: number; enabled?: string[] } = {};
	const text = await response.text();
	try {
		problem = JSON.parse(text);
	} catch {
		problem = { error: text };
	}
	throw new Problem(problem.error ?? response.statusText, response.status, problem.step, problem.enabled);
}

type Query = Record<string, string | number | undefined>;

/** link returns the address of a call with its parameters. */
export function link(name: string, query: Query = {}): string {
	const params = new URLSearchParams();
	for (const [key, value] of Object.entries(query)) {
		if (value !== undefined && value !== "") params.set(key, String(value));
	}
	const text = params.toString();
	return `/api/v1/${name}${text ? "?" + text : ""}`;
}

export function get<T>(name: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
	if (held) {
		const answer = own(held, name, query) as T | undefined;
		return answer ? Promise.resolve(answer) : Promise.reject(new Problem("this saved page knows only its own path", 404));
	}
	return fetch(link(name, query), { signal: signal ?? null }).then((r) => answer<T>(r));
}

export function post<T>(name: string, body: string): Promise<T> {
	return fetch(link(name), { method: "POST", body, headers: { "X-Allways-Token": token } }).then((r) => answer<T>(r));
}

/** promises are the kinds of properties that a single state can break. */
export const promises = new Set(["always", "step", "deadlock", "refines"]);

/** taken reports whether an action is a step. */
export function taken(n: Next): boolean {
	return n.effect && n.error === undefined;
}

/** ordered returns the enabled actions in the order in which they are shown and numbered: by kind. */
export function ordered(next: Next[]): Next[] {
	return next.filter(taken).sort((a, b) => a.name.localeCompare(b.name) || a.index - b.index);
}
