// The one store: what is selected, and what is known of it. Panels read it and call its methods;
// none has a selection of its own.
import * as api from "./api.ts";
import * as paths from "./path.ts";

export type Tab = "sequence" | "graph" | "history" | "coverage" | "growth";

/** Base is what the selected state is compared with: the state before it, a pinned one, or none. */
export type Base = { kind: "previous" } | { kind: "none" } | { kind: "pinned"; path: string; at: number };

/** Steps are those of the current path, as far as they were loaded. */
export interface Steps {
	length: number;
	steps: (api.Step | undefined)[];
	rows: (api.Row | undefined)[];
	breaks: Map<number, string[]>; // by number of the state
	inFlight: api.Message[];
	loop: number | null;
}

export interface Snapshot {
	model?: api.Model;
	status?: api.Status;
	online: boolean;
	path: string;
	at: number; // selected state: 0 is the initial one
	preview: number | null; // step under the pointer
	steps: Steps;
	state?: api.State; // selected
	before?: api.State; // the one it is compared with
	base: Base;
	tab: Tab;
	notice: string;
	busy: boolean;
	found?: api.Found & { question: string; current: number };
	fate?: api.Fate & { property: string; path: string }; // when the promise that the path breaks became lost
	help: boolean;
	revision: number; // grows with every change, for tests
}

const noSteps: Steps = { length: 0, steps: [], rows: [], breaks: new Map(), inFlight: [], loop: null };

/** maxStates bounds the states that are kept. */
const maxStates = 300;

/** chunk is how many steps are loaded at once. */
export const chunk = 500;

export class Store {
	private snapshot: Snapshot = {
		online: true, path: "", at: 0, preview: null, steps: noSteps, base: { kind: "previous" }, tab: "sequence",
		notice: "", busy: false, help: false, revision: 0,
	};
	private listeners = new Set<() => void>();
	private states = new Map<string, Promise<api.State>>();
	private loading = new Set<number>();
	private taking: Promise<void> = Promise.resolve(); // actions that were asked for by number

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
		this.set({ model });
		const link = paths.parseLink(location.pathname, location.search);
		if (link.tab) this.set({ tab: link.tab as Tab });
		const first = model.inits[0];
		if (link.types && link.types !== model.types) {
			this.set({ notice: "The model has changed since this link was made. The steps are taken as far as they fit." });
		}
		const path = link.path || first?.path;
		if (path) await this.open(path, link.path ? link.at : 0);
		this.follow();
	}

	/** follow listens to the search in the background. */
	private follow(): void {
		const events = new EventSource(api.link("events"));
		events.addEventListener("status", (e) => {
			this.set({ online: true, status: JSON.parse((e as MessageEvent<string>).data) as api.Status });
		});
		events.onerror = () => this.set({ online: false }); // the browser tries again
	}

	/** open shows a path. Where it does not fit the model, it opens as far as it does. */
	async open(path: string, at = paths.steps(path)): Promise<void> {
		if (path === this.snapshot.path) return this.select(at);
		const was = this.snapshot.path;
		this.set({ busy: true });
		try {
			const from = Math.max(0, Math.min(at, paths.steps(path)) - chunk / 2);
			const t = await api.get<api.Trace>("trace", { path, from, count: chunk });
			const steps = this.kept(was, t.path);
			steps.length = t.length;
			steps.loop = t.loop;
			steps.inFlight = t.inFlight;
			take(steps, t);
			this.loading.clear();
			this.set({ path: t.path, steps, busy: false });
			await this.select(Math.min(at, t.length), was !== "");
		} catch (e) {
			await this.opened(e, path);
		}
	}

	/** kept returns the steps that a new path shares with the old one. */
	private kept(was: string, path: string): Steps {
		const n = was ? Math.max(0, paths.common(was, path)) : 0;
		const s = this.snapshot.steps;
		const shared = was && paths.prefix(was, 0) === paths.prefix(path, 0);
		const breaks = new Map([...s.breaks].filter(([at]) => shared && at <= n));
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

	/** select shows the state after a number of steps of the path. */
	async select(at: number, push = false): Promise<void> {
		at = Math.max(0, Math.min(at, this.snapshot.steps.length));
		this.set({ at, preview: null });
		this.address(push);
		void this.load(at);
		await this.show();
	}

	/** show loads the selected state and the one it is compared with. */
	private async show(): Promise<void> {
		const { path, at, base } = this.snapshot;
		try {
			const other = this.other(path, at, base);
			const [state, before] = await Promise.all([
				this.state(paths.prefix(path, at)),
				other === null ? undefined : this.state(other),
			]);
			if (this.snapshot.path !== path || this.snapshot.at !== at || this.snapshot.base !== base) return;
			this.set({ state, before });
		} catch (e) {
			this.fail(e);
		}
	}

	private other(path: string, at: number, base: Base): string | null {
		if (base.kind === "previous") return at > 0 ? paths.prefix(path, at - 1) : null;
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
		for (const key of this.states.keys()) {
			if (this.states.size <= maxStates) break;
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
			const now = { ...this.snapshot.steps, breaks: new Map(this.snapshot.steps.breaks) };
			now.steps = now.steps.slice();
			now.rows = now.rows.slice();
			take(now, t);
			this.set({ steps: now });
		} catch (e) {
			this.fail(e);
		} finally {
			this.loading.delete(from);
		}
	}

	/** hover previews a step. */
	hover(at: number | null): void {
		if (this.snapshot.preview !== at) this.set({ preview: at });
	}

	/** take takes an enabled action of the selected state. */
	async take(next: api.Next): Promise<void> {
		const { path, at } = this.snapshot;
		if (!next.path) return;
		if (paths.startsWith(path, next.path)) await this.select(at + 1);
		else await this.open(next.path);
	}

	/** takeNumber takes the action with a number, after those that were asked for before. */
	takeNumber(n: number): Promise<void> {
		this.taking = this.taking.then(async () => {
			const { path, at } = this.snapshot;
			const next = api.ordered((await this.state(paths.prefix(path, at))).next)[n - 1];
			if (next) await this.take(next);
		}).catch((e: unknown) => this.fail(e));
		return this.taking;
	}

	/** undo goes back to the path that was shown before. */
	undo(): void {
		history.back();
	}

	redo(): void {
		history.forward();
	}

	tab(tab: Tab): void {
		this.set({ tab });
		this.address(false);
	}

	compareWith(base: Base): void {
		this.set({ base });
		void this.show();
	}

	help(on: boolean): void {
		this.set({ help: on });
	}

	/** address writes the selection into the address of the page. */
	private address(push: boolean): void {
		const { path, at, tab, model } = this.snapshot;
		if (!path) return;
		const link = paths.formatLink({ path, at, tab: tab === "sequence" ? "" : tab, types: model?.types ?? "" });
		if (location.pathname + location.search === link) return;
		if (link.length > 30000) return; // too long for an address
		if (push) history.pushState(null, "", link);
		else history.replaceState(null, "", link);
	}

	/** popped follows the browser's back and forward. */
	popped(): void {
		const link = paths.parseLink(location.pathname, location.search);
		if (link.tab) this.set({ tab: link.tab as Tab });
		if (link.path) void this.open(link.path, link.at);
	}

	/** why asks from which step of the path a promise was bound to break. */
	async why(property: string): Promise<void> {
		const { path } = this.snapshot;
		this.set({ busy: true });
		try {
			const f = await api.get<api.Fate>("fate", { path, breaks: property });
			this.set({ fate: { ...f, property, path }, busy: false });
			if (f.broken >= 0) await this.select(f.step);
		} catch (e) {
			this.fail(e);
		}
	}

	/** find looks for states. */
	async find(question: string, scope: string, breaks = ""): Promise<void> {
		const { path, at } = this.snapshot;
		const start = scope === "trace" ? path : paths.prefix(path, at);
		this.set({ busy: true, found: undefined });
		try {
			const f = await api.get<api.Found>("find", { expr: question, breaks, scope, path: start });
			this.set({ found: { ...f, question: question || breaks, current: -1 }, busy: false });
			if (f.results.length > 0) await this.result(scope === "trace" ? this.nearest(f) : 0);
		} catch (e) {
			this.fail(e);
		}
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
		const r = f.results[i]!;
		this.set({ found: { ...f, current: i } });
		if (paths.startsWith(this.snapshot.path, r.path)) await this.select(r.steps);
		else await this.open(r.path);
	}

	/** search starts or stops the search in the background. */
	async search(what: "start" | "stop" | "pause" | "resume"): Promise<void> {
		try {
			this.set({ status: await api.post<api.Status>("search", JSON.stringify({ do: what })) });
		} catch (e) {
			this.fail(e);
		}
	}

	/** import opens a trace file. */
	async import(text: string): Promise<void> {
		try {
			const r = await api.post<{ path: string; warning?: string }>("replay", text);
			if (r.warning) this.set({ notice: r.warning });
			await this.open(r.path);
		} catch (e) {
			this.fail(e);
		}
	}
}

/** take enters what a trace says of some steps. */
function take(into: Steps, t: api.Trace): void {
	t.steps.forEach((s, i) => (into.steps[t.from + i] = s));
	t.rows.forEach((r, i) => (into.rows[t.from + i] = r));
	for (const b of t.breaks) {
		const all = into.breaks.get(b.at) ?? [];
		if (!all.includes(b.property)) into.breaks.set(b.at, [...all, b.property]);
	}
}
