import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../hooks.ts";
import { keys } from "../keys.ts";

const names: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", PageDown: "PgDn", PageUp: "PgUp" };

/** Help lists the keys. */
export function Help() {
	const store = useStore();
	const ref = useRef<HTMLDialogElement>(null);
	useEffect(() => ref.current?.showModal(), []);
	const groups = [...new Set(keys.map((k) => k.group))];
	return (
		<dialog
			class="help" ref={ref} aria-label="Keys" onClose={() => store.help(false)}
			onKeyDown={(e) => e.key === "?" && ref.current?.close()}
		>
			<h2>Keys</h2>
			<div class="groups">
				{groups.map((g) => (
					<section key={g}>
						<h3>{g}</h3>
						<dl>
							{keys.filter((k) => k.group === g).map((k) => (
								<div key={k.help}>
									<dt>{k.keys.map((x) => <kbd key={x}>{names[x] ?? x}</kbd>)}</dt>
									<dd>{k.help}</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
			<form method="dialog"><button>Close</button></form>
		</dialog>
	);
}
