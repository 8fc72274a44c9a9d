import { count } from "../format.ts";
import { usePicked } from "../hooks.ts";

/** Coverage shows how often the kinds of action were enabled and taken. */
export function Coverage() {
	const { status } = usePicked("status");
	if (!status || status.actions.length === 0) {
		return <p class="muted pad">Search all states to see how often each action was enabled, taken, and led to a new state.</p>;
	}
	const most = Math.max(1, ...status.actions.map((a) => a.taken));
	return (
		<div class="scroll">
			<table class="coverage">
				<thead>
					<tr><th>Action</th><th>enabled</th><th>taken</th><th>new states</th><th aria-hidden="true" /></tr>
				</thead>
				<tbody>
					{status.actions.map((a) => (
						<tr key={a.name} class={a.taken === 0 ? "never" : ""}>
							<th scope="row">{a.name}</th>
							<td>{count(a.enabled)}</td>
							<td>{a.taken === 0 ? "never" : count(a.taken)}</td>
							<td>{count(a.new)}</td>
							<td class="bar"><span style={{ width: `${(100 * a.taken) / most}%` }} /></td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
