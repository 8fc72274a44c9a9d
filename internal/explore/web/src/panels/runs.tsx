import { plural } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import { forks } from "../runs.ts";
import { Menu } from "./menu.tsx";
import { Named } from "./named.tsx";

/** Runs lists the paths that were opened in this session, to go back to or to compare. */
export function Runs() {
	const { runs, path, at, model } = usePicked("runs", "path", "at", "model");
	const store = useStore();
	const names = model?.actors ?? [];
	return (
		<Menu label={`${plural(runs.length, "run")} ▾`} name="Runs that were opened" class="runs">
			{(close) => forks(runs, path).map(({ run, at: leaves, shown }) => (
				<div key={run.path} class={`run ${shown ? "shown" : ""}`}>
					<button
						class="open" aria-current={shown}
						onClick={() => {
							close();
							void store.open(run.path, { at: Math.min(at, run.steps) });
						}}
					>
						<span class="line">
							<span class="sign" aria-hidden="true">{run.breaks.length > 0 ? "✗" : "·"}</span>
							<b>{run.title || plural(run.steps, "step")}</b>
							<span class="muted">
								{run.title ? plural(run.steps, "step") + ", " : ""}
								{shown ? "shown" : leaves < 0 ? "other initial state" : `leaves after step ${leaves}`}
							</span>
						</span>
						<span class="last"><Named text={run.last} names={names} /></span>
					</button>
					{!shown && (
						<button
							class="link"
							onClick={() => {
								close();
								void store.compare(run.path, run.title || plural(run.steps, "step"));
							}}
						>
							compare
						</button>
					)}
				</div>
			))}
		</Menu>
	);
}
