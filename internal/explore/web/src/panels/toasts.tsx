import { useEffect } from "preact/hooks";
import { usePicked, useStore } from "../hooks.ts";
import type { Toast } from "../store.ts";
import { visible } from "../text.ts";

/** Toasts say that verdicts have fallen. Good news goes by itself, bad news stays. */
export function Toasts() {
	const { toasts } = usePicked("toasts");
	return (
		<div class="toasts" role="log" aria-live="polite" aria-label="News">
			{toasts.map((t) => <One key={t.id} t={t} />)}
		</div>
	);
}

function One({ t }: { t: Toast }) {
	const { status } = usePicked("status");
	const store = useStore();
	const path = status?.properties.find((p) => p.name === t.property)?.path;
	useEffect(() => {
		if (t.bad) return;
		const timer = window.setTimeout(() => store.dropToast(t.id), 8000);
		return () => window.clearTimeout(timer);
	}, [t.id]);
	return (
		<div class={`toast ${t.bad ? "bad" : "good"}`}>
			<span class="sign" aria-hidden="true">{t.bad ? "✗" : "✓"}</span>
			<span class="text">{visible(t.text)}</span>
			{path && (
				<button
					onClick={() => {
						store.dropToast(t.id);
						void store.open(path, { title: t.text });
					}}
				>
					Open
				</button>
			)}
			<button class="quiet" aria-label="Dismiss" onClick={() => store.dropToast(t.id)}>✕</button>
		</div>
	);
}
