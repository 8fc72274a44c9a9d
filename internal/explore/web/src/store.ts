// The one store: what is selected, and what is known of it. Panels read it and call its methods;
// none has a selection of its own.
import * as api from "./api.ts";
import { fallen } from "./fallen.ts";
import * as paths from "./path.ts";
import { deciding } from "./reads.ts";
import { sibling, visit, type Run } from "./runs.ts";

export type Tab = "sequence" | "graph" | "history" | "log" | "coverage" | "growth" | "recording";

/** Base is what the selected state is compared with: the state before it, a pinned one, that of the other run, or none. */
export type Base = { kind: "previous" } | { kind: "none" } | { kind: "pinned"; path: string; at: number } | { kind: "other" };

/** Steps are those of a path, as far as they were loaded. */
export interface Steps {
	length: number;
	steps: (api.Step | undefined)[];
	rows: (api.Row | undefined)[];
	breaks: Map<number, string[]>; // by number of the state
	inFlight: api.Message[];
	loop: number | null;
	outside: api.Outside | null;
	initial?: string; // fingerprint of the initial state
}

/** Peek is a state that is shown for as long as the pointer rests on what leads to it. */
export interface Peek {
	path: string;
	title: string;
	state: api.State;
	before?: api.State;
}

/** Mark is a bookmark on a state: on every path that shares the steps until there. */
export interface Mark {
	path: string;
	at: number;
}

/** Found is the answer to a question. */
export interface Found extends api.Found {
	question: string;
	paths: string[]; // of the results
	current: number;
}

/** Toast is a short message that something has happened. */
export interface Toast {
	id: number;
	text: string;
	bad: boolean;
	property?: string; // whose evidence can be opened, once it is there
}

export interface Snapshot {
	model?: api.Model;
	status?: api.Status;
	online: boolean;
	path: string;
	at: number; // selected state: 0 is the initial one
	preview: number | null; // step under the pointer
	peek?: Peek;
	actor: number | null; // selected lifeline
	flight: number | null; // selected message among those in flight
	steps: Steps;
	state?: api.State; // selected
	before?: api.State; // the one it is compared with
	base: Base;
	pins: string[]; // parts that are followed
	tab: Tab;
	notice: string;
	toasts: Toast[];
	busy: boolean;
	found?: Found;
	asked: string; // what is wrong with the last question
	reads?: (api.Reads & { path: string }) | undefined; // what the verdict of a property on the selected state depends on
	whyOf: string; // property that was asked about; empty for the first that is broken
	jump: { part: string; times: number }; // part of the state to go to
	fate?: api.Fate & { property: string; path: string }; // when the promise that the path breaks became lost
	runs: Run[];
	other?: { path: string; title: string; steps: Steps; at: number }; // run that is compared, and its state that faces the selected one
	marks: Mark[]; // bookmarks
	causes: boolean; // what did not lead to the selected step is faint
	order: number[]; // lifelines from left to right, without the hidden ones
	large: boolean; // the drawing takes the place of the state, too
	help: boolean;
	revision: number; // grows with every change, for tests
}

export const noSteps: Steps = {
	length: 0, steps: [], rows: [], breaks: new Map(), inFlight: [], loop: null, outside: null,
};

/** maxStates bounds the states that are kept, and maxText the text of their paths. */
const maxStates = 300;
const maxText = 4_000_000;

/** chunk is how many steps are loaded at once. */
export const chunk = 500;

/** rest is for how long the pointer rests, in milliseconds, before a preview is fetched. */
const rest = 120;

export class Store {
	private snapshot: Snapshot = {
		online: true, path: "", at: 0, preview: null, actor: null, flight: null, steps: noSteps, base: { kind: "previous" }, pins: [],
		tab: "sequence", notice: "", toasts: [], busy: false, asked: "", whyOf: "", jump: { part: "", times: 0 }, runs: [], marks: [], causes: false, order: [], large: false, help: false, revision: 0,
	};
	private listeners = new Set<() => void>();
	private states = new Map<string, Promise<api.State>>();
	private loading = new Set<number>();
	private resting = 0;
	private toasted = 0;
	private opening = 0;
	private asking: AbortController | null = null; // of the question under way
	private depending = new AbortController(); // of the question what a verdict depends on
	private taking: Promise<void> = Promise.resolve(); // digits are taken one after the other

	get(): Snapshot {
		return this.snapshot;
	}

	subscribe(f: () => void): () => void {
		this.listeners.add(f);
		return () => this.listeners.delete(f);
	}

	private set(change: Partial<Snapshot>): void {
		this.snapshot = { ...this.snapshot, ...change, revision: this.snapshot.revision + 1 };
		for (const f of this.listeners) f();
	}

	/** start loads the model and opens what the address says. */
	async start(): Promise<void> {
		const model = await api.get<api.Model>("model");
		document.title = `${model.title} · allways`;
		this.set({ model, order: model.actors.map((_, i) => i) });
		const link = paths.parseLink(location.pathname, location.search);
		this.arrange(link);
		const first = model.inits[0];
		if (link.types && link.types !== model.types) {
			this.set({ notice: "The model has changed since this link was made. The steps are taken as far as they fit." });
		}
		const path = link.path || first?.path;
		if (model.recording && !link.path) await this.recording(link.tab === "");
		else if (path) await this.open(path, link.path ? { at: link.at } : api.saved() ? {} : { at: 0 });
		if (link.other) await this.compare(link.other, "the other run");
		if (api.saved()) this.set({ status: await api.get<api.Status>("status") });
		else this.follow();
	}

	/** recording opens the path that follows the recording: at its beginning, or where the recording leaves the model. */
	private async recording(show: boolean): Promise<void> {
		this.set({ busy: true });
		const r = await api.get<api.Recording>("recording", { count: 0 });
		if (show) this.set({ tab: "recording", large: true });
		await this.open(r.path, { title: "recording", ...(r.divergence ? {} : { at: 0 }) });
	}

	/** arrange takes over what a link says of how a path is shown. */
	private arrange(link: paths.Link): void {
		const { model } = this.snapshot;
		const all = model?.actors.map((_, i) => i) ?? [];
		const order = [...new Set(paths.numbers(link.lanes))].filter((i) => i < all.length);
		this.set({
			tab: (link.tab || "sequence") as Tab, pins: link.pins, base: baseOf(link), large: link.large,
			order: link.lanes === "" ? all : order,
			marks: link.marks.filter((at) => at <= paths.steps(link.path)).map((at) => ({ path: link.path, at })),
		});
	}

	/** follow listens to the search in the background. */
	private follow(): void {
		const events = new EventSource(api.link("events"));
		events.addEventListener("status", (e) => {
			this.progress(JSON.parse((e as MessageEvent<string>).data) as api.Status);
		});
		events.onerror = () => this.set({ online: false }); // the browser tries again
	}

	/** progress takes over how far the search is, and says which verdicts have fallen. */
	private progress(status: api.Status): void {
		const news = fallen(this.snapshot.status, status);
		const toasts = news.map((v) => ({ ...v, id: ++this.toasted }));
		this.set({ online: true, status, toasts: news.length > 0 ? latest([...this.snapshot.toasts, ...toasts]) : this.snapshot.toasts });
	}

	/** open shows a path. Where it does not fit the model, it opens as far as it does. */
	async open(path: string, how: { at?: number; title?: string } = {}): Promise<void> {
		const at = how.at ?? paths.steps(path);
		if (path === this.snapshot.path) return this.select(at);
		const was = this.snapshot.path;
		const mine = ++this.opening;
		this.set({ busy: true });
		try {
			const kept = this.kept(was, path);
			void this.state(paths.prefix(path, at)); // shown once the steps are there, and fetched beside them
			let from = Math.max(0, Math.min(at, paths.steps(path)) - chunk / 2);
			while (kept.steps[from] !== undefined) from++;
			const t = await api.get<api.Trace>("trace", { path, from, count: chunk });
			if (mine !== this.opening) return; // another path was opened since
			const steps = entered(t.path === path ? kept : noSteps, t);
			this.loading.clear();
			const runs = visit(this.snapshot.runs, {
				path: t.path, steps: t.length, last: t.steps.at(-1)?.text ?? "", title: how.title ?? "",
				breaks: [...new Set(t.breaks.map((b) => b.property))],
			});
			await this.select(Math.min(at, t.length), was !== "", { path: t.path, steps, runs, busy: false });
		} catch (e) {
			if (mine === this.opening) await this.opened(e, path);
		}
	}

	/** kept returns the steps that a new path shares with the old one. */
	private kept(was: string, path: string): Steps {
		const n = was ? paths.common(was, path) : -1;
		if (n < 0) return noSteps;
		const s = this.snapshot.steps;
		const breaks = new Map([...s.breaks].filter(([at]) => at <= n));
		return { ...noSteps, steps: s.steps.slice(0, n), rows: s.rows.slice(0, n), breaks };
	}

	/** opened handles a path that could not be opened. */
	private async opened(e: unknown, path: string): Promise<void> {
		this.set({ busy: false });
		if (e instanceof api.Problem && e.status === 404 && e.step < paths.steps(path)) {
			this.set({ notice: `The path fits the model for ${e.step} of ${paths.steps(path)} steps: ${e.message}` });
			return this.open(paths.prefix(path, e.step));
		}
		this.fail(e);
	}

	/** fail shows an error. */
	fail(e: unknown): void {
		this.set({ notice: e instanceof Error ? e.message : String(e), busy: false });
	}

	dismiss(): void {
		this.set({ notice: "" });
	}

	dropToast(id: number): void {
		this.set({ toasts: this.snapshot.toasts.filter((t) => t.id !== id) });
	}

	/** select shows the state after a number of steps of the path, which may be another one with it. */
	async select(at: number, push = false, change: Partial<Snapshot> = {}): Promise<void> {
		at = Math.max(0, Math.min(at, (change.steps ?? this.snapshot.steps).length));
		this.unpeek();
		this.set({ ...change, at, preview: null, flight: null });
		this.address(push);
		void this.load(at);
		await this.show();
	}

	/** selectFlight shows a message that is in flight when the path ends. */
	async selectFlight(i: number): Promise<void> {
		await this.select(this.snapshot.steps.length);
		this.set({ flight: i });
	}

	selectActor(actor: number | null): void {
		this.set({ actor: this.snapshot.actor === actor ? null : actor });
	}

	/** show loads the selected state and the one it is compared with. */
	private async show(): Promise<void> {
		const { path, at, base } = this.snapshot;
		try {
			const other = this.basePath(path, at, base);
			const [state, before] = await Promise.all([
				this.state(paths.prefix(path, at)),
				other === null ? undefined : this.state(other),
			]);
			if (this.snapshot.path !== path || this.snapshot.at !== at || this.snapshot.base !== base) return;
			this.set({ state, before });
			void this.depend();
		} catch (e) {
			this.fail(e);
		}
	}

	/** depend asks what the verdict depends on of the property that was asked about, or of the first that the state breaks. */
	private async depend(): Promise<void> {
		const { state, whyOf, model, reads } = this.snapshot;
		const broken = (name: string): boolean => model?.properties.some((p) => p.name === name && api.promises.has(p.kind)) ?? false;
		this.depending.abort();
		const property = whyOf || state?.holds.find((h) => !h.holds && !h.error && broken(h.property))?.property;
		if (!state || !property || api.saved()) {
			if (reads) this.set({ reads: undefined });
			return;
		}
		if (reads?.path === state.path && reads.property === property) return;
		const mine = (this.depending = new AbortController());
		try {
			const found = await api.get<api.Reads>("reads", { path: state.path, property }, mine.signal);
			if (!mine.signal.aborted) this.set({ reads: { ...found, path: state.path } });
		} catch {
			if (!mine.signal.aborted) this.set({ reads: undefined }); // the property itself says what is wrong
		}
	}

	/** dependOf asks what the verdict of a property depends on, in each state that is selected; again, and it no longer does. */
	async dependOf(property: string): Promise<void> {
		this.set({ whyOf: this.snapshot.whyOf === property ? "" : property });
		await this.depend();
	}

	/** jumpTo goes to a part of the state. */
	jumpTo(part: string): void {
		this.set({ jump: { part, times: this.snapshot.jump.times + 1 } });
	}

	/** jumpBy goes to the next part, or the one before, that the verdict depends on. */
	jumpBy(by: 1 | -1): void {
		const all = deciding(this.snapshot.reads?.parts ?? []);
		if (all.length === 0) return;
		const now = all.findIndex((p) => p.path === this.snapshot.jump.part);
		this.jumpTo(all[now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length]!.path);
	}

	private basePath(path: string, at: number, base: Base): string | null {
		const { other } = this.snapshot;
		if (base.kind === "previous") return at > 0 ? paths.prefix(path, at - 1) : null;
		if (base.kind === "other") return other ? paths.prefix(other.path, other.at) : null;
		return base.kind === "pinned" ? paths.prefix(base.path, base.at) : null;
	}

	/** state returns a state, from memory where it is there. */
	private state(path: string): Promise<api.State> {
		let s = this.states.get(path);
		if (s) {
			this.states.delete(path); // and again at the end, as the latest
		} else {
			s = api.get<api.State>("state", { path });
			s.catch(() => this.states.delete(path));
		}
		this.states.set(path, s);
		const most = Math.max(8, Math.min(maxStates, maxText / Math.max(1, path.length)));
		for (const key of this.states.keys()) {
			if (this.states.size <= most) break;
			this.states.delete(key);
		}
		return s;
	}

	/** load loads the steps around a number unless they are there. */
	async load(at: number): Promise<void> {
		const { path, steps } = this.snapshot;
		const from = Math.max(0, Math.floor((at - 1) / chunk) * chunk);
		const to = Math.min(from + chunk, steps.length);
		let missing = false;
		for (let i = from; i < to && !missing; i++) missing = steps.steps[i] === undefined;
		if (!missing || this.loading.has(from)) return;
		this.loading.add(from);
		try {
			const t = await api.get<api.Trace>("trace", { path, from, count: chunk });
			if (this.snapshot.path !== path) return;
			this.set({ steps: entered(this.snapshot.steps, t) });
		} catch (e) {
			this.fail(e);
		} finally {
			this.loading.delete(from);
		}
	}

	/** hover previews a step: marked everywhere at once, and its state after a rest. */
	hover(at: number | null): void {
		if (this.snapshot.preview === at) return;
		this.unpeek();
		this.set({ preview: at });
		const { path } = this.snapshot;
		if (at === null || at === this.snapshot.at) return;
		this.peekSoon(paths.prefix(path, at), `step ${at}`, at > 0 ? paths.prefix(path, at - 1) : null);
	}

	/** peek previews the state that an action leads to. */
	peek(path: string, title: string): void {
		this.unpeek();
		this.peekSoon(path, title, paths.prefix(path, paths.steps(path) - 1));
	}

	private peekSoon(path: string, title: string, before: string | null): void {
		this.resting = window.setTimeout(async () => {
			const mine = this.resting;
			try {
				const [state, other] = await Promise.all([this.state(path), before === null ? undefined : this.state(before)]);
				if (mine === this.resting) this.set({ peek: { path, title, state, ...(other ? { before: other } : {}) } });
			} catch {
				// what cannot be shown is said when it is selected
			}
		}, rest);
	}

	unpeek(): void {
		window.clearTimeout(this.resting);
		this.resting = 0;
		if (this.snapshot.peek) {
			const { peek: _, ...kept } = this.snapshot;
			this.snapshot = kept;
			this.set({});
		}
	}

	/** digit takes the enabled action with a number, in the state that is selected by now. */
	async digit(n: number): Promise<void> {
		const mine = this.taking.then(async () => {
			const { path, at } = this.snapshot;
			const state = await this.state(paths.prefix(path, at));
			const next = api.ordered(state.next)[n - 1];
			if (next) await this.go(paths.after(state.path, String(next.index)), path, at);
		});
		this.taking = mine.catch((e: unknown) => this.fail(e));
		return this.taking;
	}

	/** take takes a step from the selected state; next is the path with it. */
	take(next: string): void {
		const { path, at } = this.snapshot;
		void this.go(next, path, at);
	}

	private go(next: string, path: string, at: number): Promise<void> {
		return paths.startsWith(path, next) ? this.select(at + 1) : this.open(next);
	}

	/** undo goes back to the path that was shown before. */
	undo(): void {
		history.back();
	}

	redo(): void {
		history.forward();
	}

	/** fork shows the run that was opened n runs later, at the same step. */
	fork(n: number): void {
		const run = sibling(this.snapshot.runs, this.snapshot.path, n);
		if (run) void this.open(run.path, { at: Math.min(this.snapshot.at, run.steps) });
	}

	/** compare shows another run beside this one. */
	async compare(path: string, title: string): Promise<void> {
		try {
			const from = Math.max(0, paths.common(path, this.snapshot.path) - chunk / 2);
			const t = await api.get<api.Trace>("trace", { path, from, count: chunk });
			this.set({ other: { path: t.path, title, steps: entered(noSteps, t), at: 0 } });
			this.address(false);
			if (this.snapshot.base.kind === "other") await this.show();
		} catch (e) {
			this.fail(e);
		}
	}

	/** swap makes the run that is compared the one that is shown. */
	async swap(at: number): Promise<void> {
		const { other, path } = this.snapshot;
		if (!other) return;
		await this.open(other.path, { at });
		await this.compare(path, "the run before");
	}

	/** face says which state of the other run faces the selected one. */
	face(at: number): void {
		const { other, base } = this.snapshot;
		if (!other || other.at === at) return;
		this.set({ other: { ...other, at } });
		if (base.kind === "other") void this.show();
	}

	/** alone ends the comparison. */
	alone(): void {
		const { other: _, ...kept } = this.snapshot;
		this.snapshot = kept;
		if (kept.base.kind === "other") this.compareWith({ kind: "previous" });
		this.set({});
		this.address(false);
	}

	tab(tab: Tab): void {
		this.set({ tab });
		this.address(false);
	}

	compareWith(base: Base): void {
		this.set({ base });
		this.address(false);
		void this.show();
	}

	/** pin follows a part over all steps, or no more. */
	pin(part: string): void {
		const { pins } = this.snapshot;
		this.set({ pins: pins.includes(part) ? pins.filter((p) => p !== part) : [...pins, part] });
		this.address(false);
	}

	/** mark sets a bookmark on the selected state, or takes it away. */
	mark(): void {
		const { marks, path, at } = this.snapshot;
		const rest = marks.filter((m) => m.at !== at || paths.common(m.path, path) < at);
		this.set({ marks: rest.length < marks.length ? rest : [...marks, { path, at }] });
		this.address(false);
	}

	/** marked returns the steps of the path that have a bookmark, in their order. */
	marked(): number[] {
		return markedOn(this.snapshot.marks, this.snapshot.path);
	}

	/** lanes sets which lifelines are drawn, from left to right. */
	lanes(order: number[]): void {
		this.set({ order });
		this.address(false);
	}

	causes(on: boolean): void {
		this.set({ causes: on });
	}

	enlarge(on: boolean): void {
		this.set({ large: on });
		this.address(false);
	}

	help(on: boolean): void {
		this.set({ help: on });
	}

	/** address writes the selection into the address of the page. */
	private address(push: boolean): void {
		const { path, at, tab, model, other, order, pins, base, large } = this.snapshot;
		if (!path || api.saved()) return;
		const whole = order.length === (model?.actors.length ?? 0) && order.every((x, i) => x === i);
		const link = paths.formatLink({
			path, at, tab: tab === "sequence" ? "" : tab, types: model?.types ?? "", other: other?.path ?? "",
			lanes: whole ? "" : order.join(".") || "none", pins, base: baseName(base, path), marks: this.marked(), large,
		});
		if (location.pathname + location.search === link) return;
		if (link.length > 30000) return; // too long for an address
		if (push) history.pushState(null, "", link);
		else history.replaceState(null, "", link);
	}

	/** popped follows the browser's back and forward. */
	popped(): void {
		const link = paths.parseLink(location.pathname, location.search);
		if (link.tab) this.set({ tab: link.tab as Tab });
		if (link.path) void this.open(link.path, { at: link.at });
	}

	/** why asks from which step of the path a promise was bound to break. */
	async why(property: string): Promise<void> {
		const { path } = this.snapshot;
		const mine = this.ask();
		try {
			const f = await api.get<api.Fate>("fate", { path, breaks: property }, mine.signal);
			this.set({ fate: { ...f, property, path }, busy: false });
			if (f.broken >= 0) await this.select(f.step);
		} catch (e) {
			if (!mine.signal.aborted) this.fail(e);
		}
	}

	/** ask begins a question; the one before it ends. */
	private ask(): AbortController {
		this.asking?.abort();
		this.asking = new AbortController();
		this.set({ busy: true, asked: "" });
		return this.asking;
	}

	/** cancel ends the question under way. */
	cancel(): void {
		if (!this.asking) return;
		this.asking.abort();
		this.asking = null;
		this.set({ busy: false });
	}

	/** find looks for states. */
	async find(question: string, scope: string, what: { breaks?: string } = {}): Promise<void> {
		const { path, at } = this.snapshot;
		const start = scope === "trace" ? path : paths.prefix(path, at);
		const { found: _, ...kept } = this.snapshot;
		this.snapshot = kept;
		const mine = this.ask();
		try {
			const f = await api.get<api.Found>("find", { expr: question, ...what, scope, path: start }, mine.signal);
			const base = scope === "all" ? "" : start;
			const found = f.results.map((r) => (scope === "trace" ? paths.prefix(start, r.steps) : paths.after(base, r.on ?? "")));
			this.set({ found: { ...f, paths: found, question: question || what.breaks || "", current: -1 }, busy: false });
			if (f.results.length > 0) await this.result(scope === "trace" ? this.nearest(f) : 0);
		} catch (e) {
			if (mine.signal.aborted) return;
			if (question === "") this.fail(e);
			else this.set({ asked: e instanceof Error ? e.message : String(e), busy: false });
		}
	}

	/** forget drops the answer to the last question. */
	forget(): void {
		const { found: _, ...kept } = this.snapshot;
		this.snapshot = kept;
		this.set({ asked: "" });
	}

	/** nearest returns the first result after the selected state. */
	private nearest(f: api.Found): number {
		const i = f.results.findIndex((r) => r.steps > this.snapshot.at);
		return Math.max(0, i);
	}

	/** result shows a result of the last question. */
	async result(i: number): Promise<void> {
		const f = this.snapshot.found;
		if (!f || f.results.length === 0) return;
		i = (i + f.results.length) % f.results.length;
		const [path, steps] = [f.paths[i]!, f.results[i]!.steps];
		this.set({ found: { ...f, current: i } });
		if (paths.startsWith(this.snapshot.path, path)) await this.select(steps);
		else await this.open(path, { title: f.question });
	}

	/** search starts, stops, pauses or resumes the search in the background. */
	async search(what: "start" | "stop" | "pause" | "resume"): Promise<void> {
		try {
			this.progress(await api.post<api.Status>("search", JSON.stringify({ do: what })));
		} catch (e) {
			this.fail(e);
		}
	}

	/** import opens a trace file. */
	async import(text: string): Promise<void> {
		try {
			const r = await api.post<{ path: string; warning?: string }>("replay", text);
			if (r.warning) this.set({ notice: r.warning });
			await this.open(r.path, { title: "trace file" });
		} catch (e) {
			this.fail(e);
		}
	}
}

/** markedOn returns the steps of a path that have a bookmark, in their order. */
export function markedOn(marks: Mark[], path: string): number[] {
	return marks.filter((m) => paths.common(m.path, path) >= m.at).map((m) => m.at).sort((a, b) => a - b);
}

/** baseName writes what states are compared with for a link. */
function baseName(base: Base, path: string): string {
	if (base.kind !== "pinned") return base.kind === "previous" ? "" : base.kind;
	return paths.common(base.path, path) >= base.at ? String(base.at) : paths.prefix(base.path, base.at);
}

/** baseOf is the inverse of baseName. */
function baseOf(link: paths.Link): Base {
	if (link.base === "none" || (link.base === "other" && link.other)) return { kind: link.base };
	if (/^\d+$/.test(link.base)) return { kind: "pinned", path: link.path, at: Math.min(Number(link.base), paths.steps(link.path)) };
	return link.base.includes(":") ? { kind: "pinned", path: link.base, at: paths.steps(link.base) } : { kind: "previous" };
}

/** maxToasts is how many are shown at once. */
const maxToasts = 5;

/** latest returns the latest toasts: bad news first of all, then good news. */
function latest(all: Toast[]): Toast[] {
	const bad = all.filter((t) => t.bad).slice(-maxToasts);
	const good = all.filter((t) => !t.bad).slice(bad.length - maxToasts);
	return all.filter((t) => bad.includes(t) || (bad.length < maxToasts && good.includes(t)));
}

/** entered returns steps with what a trace says of some of them. */
export function entered(into: Steps, t: api.Trace): Steps {
	const out: Steps = {
		length: t.length, initial: t.init.state, loop: t.loop, inFlight: t.inFlight, outside: t.outside,
		steps: into.steps.slice(), rows: into.rows.slice(), breaks: new Map(into.breaks),
	};
	t.steps.forEach((s, i) => (out.steps[t.from + i] = s));
	t.rows.forEach((r, i) => (out.rows[t.from + i] = r));
	for (const b of t.breaks) {
		const all = out.breaks.get(b.at) ?? [];
		if (!all.includes(b.property)) out.breaks.set(b.at, [...all, b.property]);
	}
	return out;
}
