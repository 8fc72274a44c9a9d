import { useEffect } from "preact/hooks";
import { useBox, useReveal, useSnapshot, useStore } from "../hooks.ts";
import { count, px } from "../format.ts";
import { Named } from "./next.tsx";

const height = 28;

/** StepsPanel lists the steps of the path; only those in view are drawn. */
export function StepsPanel() {
	const { steps, at, preview, model, fate, path } = useSnapshot();
	const store = useStore();
	const box = useBox();
	const first = Math.max(0, Math.floor(box.top / height) - 8);
	const last = Math.min(steps.length, Math.ceil((box.top + box.height) / height) + 8);
	useReveal(box, at * height, height, height * 2);
	useEffect(() => {
		void store.load(first);
		void store.load(last);
	}, [first, last, steps.length]);
	const rows = [];
	for (let i = first; i <= last; i++) rows.push(i);
	const broken = [...steps.breaks].sort(([a], [b]) => a - b)[0]?.[1][0];
	return (
		<section class="panel steps" aria-label="Steps">
			<h2>
				Steps <span class="muted">{count(at)} of {count(steps.length)}</span>
				<span class="spring" />
				{fate?.path === path && fate.good && (
					<button class="link" title="A run that begins the same and keeps the promise" onClick={() => void store.open(fate.good!)}>
						nearest good run
					</button>
				)}
				{broken && fate?.path !== path && (
					<button
						class="link"
						title={`The step from which every run breaks “${broken}” (i)`}
						onClick={() => void store.why(broken)}
					>
						when was it lost?
					</button>
				)}
			</h2>
			<div
				class="scroll"
				ref={box.ref}
				tabIndex={0}
				role="listbox"
				aria-label="Steps"
				aria-activedescendant={`step-${at}`}
				onMouseLeave={() => store.hover(null)}
			>
				<div style={{ height: px((steps.length + 1) * height), position: "relative" }}>
					{rows.map((i) => {
						const step = steps.steps[i - 1];
						const breaks = steps.breaks.get(i);
						const changed = step ? new Set(step.changes.map((c) => part(c.path, model?.actors ?? []))).size : 0;
						return (
							<div
								key={i}
								id={`step-${i}`}
								role="option"
								aria-selected={i === at}
								class={`step ${i === at ? "selected" : ""} ${i === preview ? "preview" : ""} ${breaks ? "breaks" : ""}`}
								style={{ top: px(i * height), height: px(height) }}
								title={step ? `${step.text}${step.note ? "\n" + step.note : ""}` : "initial state"}
								onClick={() => void store.select(i)}
								onMouseEnter={() => store.hover(i)}
							>
								<span class="number">{i}</span>
								<span class="text">
									{i === 0 ? <i>initial state</i> : step ? <Named text={step.text} names={model?.actors ?? []} /> : "…"}
								</span>
								{breaks && <span class="sign" title={`breaks ${breaks.join(", ")}`}>✗</span>}
								{fate && fate.path === path && fate.broken >= 0 && fate.step === i && (
									<span class="tag bad" title={`${fate.looked} states were looked at`}>
										⚑ {fate.known ? "inevitable from here" : "unknown before this"}
									</span>
								)}
								{steps.loop === i && <span class="tag" title="the run repeats from here">↻</span>}
								{changed > 1 && <span class="tag">{changed} parts</span>}
							</div>
						);
					})}
				</div>
			</div>
		</section>
	);
}

/** part returns the actor, or the first key, that a change belongs to. */
function part(path: string, actors: string[]): string {
	return actors.find((a) => path.startsWith(a)) ?? path.split(/[.[ ]/)[0] ?? path;
}
