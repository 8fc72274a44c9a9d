import type { ComponentChild } from "preact";
import { useSnapshot, useStore } from "./hooks.ts";
import { Coverage } from "./panels/coverage.tsx";
import { Find } from "./panels/find.tsx";
import { GrowthPanel } from "./panels/growth.tsx";
import { GraphPanel } from "./panels/graph.tsx";
import { Header } from "./panels/header.tsx";
import { HistoryPanel } from "./panels/history.tsx";
import { Help } from "./panels/help.tsx";
import { NextPanel } from "./panels/next.tsx";
import { Properties } from "./panels/properties.tsx";
import { SequencePanel } from "./panels/sequence.tsx";
import { StatePanel } from "./panels/state.tsx";
import { StepsPanel } from "./panels/steps.tsx";
import * as paths from "./path.ts";
import type { Tab } from "./store.ts";

const panels: Record<Tab, () => ComponentChild> = {
	sequence: SequencePanel, graph: GraphPanel, history: HistoryPanel, coverage: Coverage, growth: GrowthPanel,
};

const tabs: { tab: Tab; name: string }[] = [
	{ tab: "sequence", name: "Sequence" },
	{ tab: "graph", name: "Graph" },
	{ tab: "history", name: "History" },
	{ tab: "coverage", name: "Coverage" },
	{ tab: "growth", name: "Growth" },
];

export function App() {
	const s = useSnapshot();
	const ready = s.model !== undefined && s.state?.path === paths.prefix(s.path, s.at) && !s.busy;
	return (
		<div class="app" data-ready={ready} data-revision={s.revision}>
			<Header />
			<Notice />
			<main class="grid">
				<div class="column left">
					<Properties />
					<NextPanel />
				</div>
				<StepsPanel />
				<StatePanel />
				<Drawings />
			</main>
			<Find />
			{s.help && <Help />}
		</div>
	);
}

function Notice() {
	const { notice, online } = useSnapshot();
	const store = useStore();
	if (!online) return <div class="notice offline" role="alert">The server does not answer. The page tries again.</div>;
	if (!notice) return null;
	return (
		<div class="notice" role="alert">
			<span>{notice}</span>
			<button class="quiet" onClick={() => store.dismiss()}>Dismiss</button>
		</div>
	);
}

function Drawings() {
	const { tab } = useSnapshot();
	const store = useStore();
	const Panel = panels[tab] ?? SequencePanel;
	return (
		<section class="panel drawings" aria-label="Drawings">
			<div class="tabs" role="tablist" aria-label="Drawings">
				{tabs.map((t) => (
					<button
						key={t.tab}
						role="tab"
						id={`tab-${t.tab}`}
						aria-selected={tab === t.tab}
						aria-controls="drawing"
						onClick={() => store.tab(t.tab)}
					>
						{t.name}
					</button>
				))}
			</div>
			<div class="drawing" id="drawing" role="tabpanel" aria-labelledby={`tab-${tab}`}>
				<Panel />
			</div>
		</section>
	);
}
