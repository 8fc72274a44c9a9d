import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
	label: ComponentChildren;
	name: string; // for those who do not see the label
	class?: string;
	children: (close: () => void) => ComponentChildren;
}

/** Menu is a button that opens a list of links and buttons; Escape or a click elsewhere closes it. */
export function Menu({ label, name, class: kind, children }: Props) {
	const [open, setOpen] = useState(false);
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!open) return;
		const away = (e: Event): void => {
			if (e.target instanceof Node && !ref.current?.contains(e.target)) setOpen(false);
		};
		document.addEventListener("pointerdown", away);
		ref.current?.querySelector<HTMLElement>(".items button, .items a, .items input")?.focus();
		return () => document.removeEventListener("pointerdown", away);
	}, [open]);
	const key = (e: KeyboardEvent): void => {
		if (!open) return;
		e.stopPropagation();
		const items = [...ref.current!.querySelectorAll<HTMLElement>(".items button, .items a, .items input")];
		const now = items.indexOf(document.activeElement as HTMLElement);
		if (e.key === "Escape") {
			setOpen(false);
			ref.current?.querySelector<HTMLElement>("button")?.focus();
		} else if (e.key === "ArrowDown") items[(now + 1) % items.length]?.focus();
		else if (e.key === "ArrowUp") items[(now - 1 + items.length) % items.length]?.focus();
		else return;
		e.preventDefault();
	};
	return (
		<div class={`menu ${kind ?? ""}`} ref={ref} onKeyDown={key}>
			<button aria-haspopup="true" aria-expanded={open} aria-label={name} onClick={() => setOpen(!open)}>{label}</button>
			{open && <div class="items">{children(() => setOpen(false))}</div>}
		</div>
	);
}
