import { useEffect, useState } from "preact/hooks";
import { get, type Growth } from "../api.ts";
import { count, plural } from "../format.ts";
import { usePicked } from "../hooks.ts";

/** GrowthPanel shows what makes the state space large: a bar for each part of the states. */
export function GrowthPanel() {
	const { status } = usePicked("status");
	const [growth, setGrowth] = useState<Growth | null>(null);
	// While a search runs, the parts are asked for again every few reports of progress.
	const revision = status?.state === "running" ? Math.floor((status.revision ?? 0) / 8) : `${status?.state} ${status?.revision}`;
	useEffect(() => {
		const abort = new AbortController();
		get<Growth>("growth", {}, abort.signal).then(setGrowth, () => {});
		return () => abort.abort();
	}, [revision]);
	if (!growth || growth.parts.length === 0) {
		return <p class="muted pad">Search all states to see which parts of them take how many values.</p>;
	}
	const most = Math.log10(Math.max(10, ...growth.parts.map((p) => p.values)));
	return (
		<div class="scroll">
			<p class="muted pad tight">
				How many values each part of the states takes, on a logarithmic scale; the red end of a bar, and the column “late”,
				are values that appear only in the deepest third of the levels. {growth.looked < growth.visited
					? `${count(growth.looked)} of ${plural(growth.visited, "state")} were looked at.`
					: `All ${plural(growth.visited, "state")} were looked at.`}
			</p>
			<table class="coverage growth">
				<thead>
					<tr><th>Part</th><th>values</th><th>late</th><th aria-hidden="true" /><th class="words">latest</th></tr>
				</thead>
				<tbody>
					{growth.parts.map((p) => (
						<tr key={p.path}>
							<th scope="row">{p.path} {p.counter && <span class="tag bad">keeps growing</span>}</th>
							<td>{count(p.values)}</td>
							<td>{count(p.late)}</td>
							<td class="bar">
								<span style={{ width: `${(100 * Math.log10(Math.max(1, p.values))) / most}%` }}>
									<i style={{ width: `${(100 * p.late) / Math.max(1, p.values)}%` }} />
								</span>
							</td>
							<td class="words latest">{p.latest}</td>
						</tr>
					))}
				</tbody>
			</table>
			{growth.more > 0 && <p class="muted pad">{plural(growth.more, "part")} more</p>}
		</div>
	);
}
