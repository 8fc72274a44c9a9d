import { useEffect, useState } from "preact/hooks";
import { get, type Recording } from "../api.ts";
import { plural } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import { visible } from "../text.ts";
import { Named } from "./named.tsx";

/** RecordingPanel shows what real processes did, and where the model would not have done it. */
export function RecordingPanel() {
	const { model } = usePicked("model");
	const store = useStore();
	const [r, setRecording] = useState<Recording | null>(null);
	const [problem, setProblem] = useState("");
	useEffect(() => {
		get<Recording>("recording").then(setRecording, (e: unknown) => setProblem(e instanceof Error ? e.message : String(e)));
	}, []);
	if (problem) return <p class="muted pad">{problem}</p>;
	if (!r) return <p class="muted pad">…</p>;
	const names = model?.actors ?? [];
	const d = r.divergence;
	return (
		<div class="scroll recording">
			<p>
				<b>{visible(r.name)}</b>: {plural(r.steps, "step")} of real processes.{" "}
				<button class="link" onClick={() => void store.open(r.path, { title: "recording" })}>Show as a run of the model</button>
			</p>
			{d === null ? <p class="good">✓ The model can do all of it.</p> : (
				<div class="divergence">
					<p class="bad">
						✗ The recording leaves the model at step {d.step}.{" "}
						<button class="link" onClick={() => void store.open(r.path, { title: "recording" })}>Show the state before it</button>
					</p>
					<h3>What happened</h3>
					<p class="code"><Named text={d.action} names={names} /></p>
					<p class="muted">{visible(d.reason)}</p>
					<List name="What the model expected" items={d.expected} names={names} />
					<List name="What was enabled" items={d.enabled} names={names} />
				</div>
			)}
			<List name="Promises that the recording breaks" items={r.violations} names={[]} />
			<List name="Notes" items={r.notes} names={[]} />
		</div>
	);
}

function List({ name, items, names }: { name: string; items: string[]; names: string[] }) {
	if (items.length === 0) return null;
	return (
		<>
			<h3>{name}</h3>
			<ul>{items.map((x, i) => <li key={i} class="code"><Named text={x} names={names} /></li>)}</ul>
		</>
	);
}
