import type { ComponentChild, ComponentChildren } from "preact";
import { hasToken, saved } from "./api.ts";
import { useKept, usePicked, useStore } from "./hooks.ts";
import { Coverage } from "./panels/coverage.tsx";
import { Find } from "./panels/find.tsx";
import { GrowthPanel } from "./panels/growth.tsx";
import { GraphPanel } from "./panels/graph.tsx";
import { Header } from "./panels/header.tsx";
import { HistoryPanel } from "./panels/history.tsx";
import { Help } from "./panels/help.tsx";
import { LaneTools } from "./panels/lanes.tsx";
import { LogPanel } from "./panels/log.tsx";
import { NextPanel } from "./panels/next.tsx";
import { Properties } from "./panels/properties.tsx";
import { RecordingPanel } from "./panels/recording.tsx";
import { SequencePanel } from "./panels/sequence.tsx";
import { StatePanel } from "./panels/state.tsx";
import { StepsPanel } from "./panels/steps.tsx";
import { Toasts } from "./panels/toasts.tsx";
import * as paths from "./path.ts";
import { Split } from "./split.tsx";
import type { Tab } from "./store.ts";
import { tabs } from "./tabs.ts";
import { visible } from "./text.ts";

const panels: Record<Tab, () => ComponentChild> = {
	sequence: SequencePanel, graph: GraphPanel, history: HistoryPanel, log: LogPanel, coverage: Coverage, growth: GrowthPanel,
	recording: RecordingPanel,
};

/** shares are the sizes of the tracks until a bar is moved. */
const shares = { left: 0.95, steps: 1.05, right: 2.1, far: 2, top: 1, bottom: 1.15, upper: 0.8, lower: 1.2, below: 1 };

export function App() {
	const { help } = usePicked("help");
	return (
		<Frame>
			<Header />
			<Notice />
			<Grid />
			{!saved() && <Find />}
			<Toasts />
			<Live />
			{help && <Help />}
		</Frame>
	);
}

/** Frame is around all panels, and says to tests how far the page is. Its children are not drawn again with it. */
function Frame({ children }: { children: ComponentChildren }) {
	const { model, state, busy, revision, path, at } = usePicked("model", "state", "busy", "revision", "path", "at");
	const ready = model !== undefined && !busy && state?.path === paths.prefix(path, at); // not that of the step before
	const store = useStore();
	const drop = (e: DragEvent): void => {
		const file = e.dataTransfer?.files[0];
		if (!file || !hasToken()) return;
		e.preventDefault();
		void file.text().then((text) => store.import(text));
	};
	const over = (e: DragEvent): void => {
		if (e.dataTransfer?.types.includes("Files")) e.preventDefault();
	};
	return <div class="app" data-ready={ready} data-revision={revision} onDrop={drop} onDragOver={over}>{children}</div>;
}

function Grid() {
	const [sizes, setSizes] = useKept<Record<string, number>>("sizes", shares);
	const { large, other } = usePicked("large", "other");
	const all = { ...shares, ...sizes };
	const style = Object.fromEntries(Object.entries(all).map(([k, v]) => [`--${k}`, `${k === "steps" && other ? v * 1.7 : v}fr`]));
	const bar = { sizes: all, onSizes: setSizes };
	return (
		<main class={large ? "grid large" : "grid"} style={style}>
			<div class="left">
				<Properties />
				<Split area="bar" name="Properties and actions" direction="rows" before="upper" after="lower" {...bar} />
				<NextPanel />
			</div>
			<Split area="bar1" name="Actions and steps" direction="columns" before="left" after="steps" {...bar} />
			<StepsPanel />
			<Split area="bar2" name="Steps and state" direction="columns" before="steps" after="right" {...bar} />
			<StatePanel />
			<Split area="bar3" name="State and drawings" direction="rows" before="top" after="bottom" {...bar} />
			<Split area="bar4" name="State and drawings, side by side" direction="columns" before="right" after="far" {...bar} />
			<Split area="bar5" name="Actions and steps, one below the other" direction="rows" before="left" after="below" {...bar} />
			<Drawings />
		</main>
	);
}

/** Live says what was selected to those who do not see it. */
function Live() {
	const { at, steps } = usePicked("at", "steps");
	const breaks = steps.breaks.get(at);
	const text = at === 0 ? "initial state" : `step ${at}: ${steps.steps[at - 1]?.text ?? ""}`;
	return <div class="unseen" role="status" aria-live="polite">{visible(text)}{breaks ? `, breaks ${breaks.join(", ")}` : ""}</div>;
}

function Notice() {
	const { notice, online } = usePicked("notice", "online");
	const store = useStore();
	if (!online) return <div class="notice offline" role="alert">The server does not answer. The page tries again.</div>;
	if (!notice) return null;
	return (
		<div class="notice" role="alert">
			<span>{visible(notice)}</span>
			<button class="quiet" onClick={() => store.dismiss()}>Dismiss</button>
		</div>
	);
}

function Drawings() {
	const { tab, model, large } = usePicked("tab", "model", "large");
	const store = useStore();
	const list = tabs(model);
	const now = list.some((t) => t.tab === tab) ? tab : (list[0]?.tab ?? "graph");
	const Panel = panels[now];
	const turn = (e: KeyboardEvent): void => {
		const by = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
		if (by === 0) return;
		e.preventDefault();
		const next = list[(list.findIndex((t) => t.tab === now) + by + list.length) % list.length]!.tab;
		store.tab(next);
		document.getElementById(`tab-${next}`)?.focus();
	};
	return (
		<section class="panel drawings" aria-label="Drawings">
			<div class="heads">
				<div class="tabs" role="tablist" aria-label="Drawings" onKeyDown={turn}>
					{list.map((t) => (
						<button
							key={t.tab} role="tab" id={`tab-${t.tab}`} aria-selected={now === t.tab} aria-controls="drawing"
							tabIndex={now === t.tab ? 0 : -1} onClick={() => store.tab(t.tab)}
						>
							{t.name}
						</button>
					))}
				</div>
				<span class="spring" />
				{now === "sequence" && model && model.actors.length > 0 && <LaneTools />}
				<button class="quiet" aria-pressed={large} aria-label="The drawing alone" title="The drawing alone (m)" onClick={() => store.enlarge(!large)}>
					{large ? "⤡" : "⤢"}
				</button>
			</div>
			<div class="drawing" id="drawing" role="tabpanel" aria-labelledby={`tab-${now}`}>
				{model && <Panel />}
			</div>
		</section>
	);
}
