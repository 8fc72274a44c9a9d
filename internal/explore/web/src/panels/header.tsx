import { useState } from "preact/hooks";
import { hasToken, link } from "../api.ts";
import { bytes, count, plural, seconds, short } from "../format.ts";
import { useSnapshot, useStore } from "../hooks.ts";
import { setTheme, theme, type Theme } from "../theme.ts";

export function Header() {
	const { model, status } = useSnapshot();
	const store = useStore();
	const running = status?.state === "running" || status?.state === "paused";
	return (
		<header class="header">
			<span class="brand">
				<Mark /> allways
			</span>
			<h1>{model?.title ?? "…"}</h1>
			<Progress />
			<span class="spring" />
			{hasToken() && (
				<button onClick={() => void store.search(running ? "stop" : "start")}>
					{running ? "Stop search" : status?.state === "ended" ? "Search again" : "Search all states"}
				</button>
			)}
			<Export />
			<Themes />
			<button class="quiet" aria-label="Keys" title="Keys (?)" onClick={() => store.help(true)}>?</button>
		</header>
	);
}

function Mark() {
	return (
		<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
			<path d="M3 16 L8.5 4 L11 9.5 M6 11 H13 M9 16 L17 16 M13.5 12.5 L17 16 L13.5 19" />
		</svg>
	);
}

function Progress() {
	const { status } = useSnapshot();
	if (!status || status.state === "idle") return <span class="progress">not searched yet</span>;
	const word = status.state === "running" ? `checking${status.phase && status.phase !== "search" ? ` (${status.phase})` : ""}`
		: status.complete ? "all states searched" : status.error ? "failed" : `stopped: ${status.stopReason ?? ""}`;
	return (
		<span class={`progress ${status.state}`} role="status" title={status.error ?? ""}>
			<span class="lamp" aria-hidden="true" />
			<b>{word}</b>
			<span title={`${count(status.generated)} generated`}>{plural(status.distinct, "state")}</span>
			{status.state === "running" && <span>{short(status.rate)}/s</span>}
			<span>depth {status.depth}</span>
			{status.state === "running" && <span>queue {short(status.queue)}</span>}
			<span>{bytes(status.memory)}</span>
			<span>{seconds(status.elapsed)}</span>
		</span>
	);
}

const formats = [
	{ format: "trace", name: "Trace file", file: "trace" },
	{ format: "svg", name: "Drawing (SVG)", file: "svg", actors: true },
	{ format: "mermaid", name: "Drawing (Mermaid)", file: "mmd", actors: true },
	{ format: "text", name: "Text", file: "txt" },
	{ format: "json", name: "JSON", file: "json" },
	{ format: "itf", name: "Informal Trace Format", file: "itf.json" },
];

function Export() {
	const { path, model } = useSnapshot();
	const store = useStore();
	const [open, setOpen] = useState(false);
	return (
		<div class="menu" onKeyDown={(e) => e.key === "Escape" && setOpen(false)}>
			<button aria-haspopup="true" aria-expanded={open} onClick={() => setOpen(!open)}>Trace ▾</button>
			{open && (
				<div class="items" onClick={() => setOpen(false)}>
					{formats.filter((f) => !f.actors || (model?.actors.length ?? 0) > 0).map((f) => (
						<a key={f.format} href={link("export", { format: f.format, path })} download={`${model?.model}.${f.file}`}>
							Save as {f.name}
						</a>
					))}
					<button onClick={() => void navigator.clipboard.writeText(location.href)}>Copy link</button>
					{hasToken() && (
						<label class="item">
							Open a trace file…
							<input
								type="file"
								class="hidden"
								onChange={(e) => void e.currentTarget.files?.[0]?.text().then((t) => store.import(t))}
							/>
						</label>
					)}
				</div>
			)}
		</div>
	);
}

function Themes() {
	const [now, setNow] = useState(theme());
	const next: Record<Theme, Theme> = { system: "dark", dark: "light", light: "system" };
	const sign: Record<Theme, string> = { system: "◐", dark: "●", light: "○" };
	return (
		<button
			class="quiet"
			aria-label={`Colours: ${now}`}
			title={`Colours: ${now}`}
			onClick={() => {
				setTheme(next[now]);
				setNow(next[now]);
			}}
		>
			{sign[now]}
		</button>
	);
}
