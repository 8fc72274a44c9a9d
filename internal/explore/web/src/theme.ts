// Light or dark: as the system, unless the person has chosen.

export type Theme = "system" | "light" | "dark";

export function theme(): Theme {
	return (localStorage.getItem("theme") as Theme | null) ?? "system";
}

export function setTheme(t: Theme): void {
	if (t === "system") localStorage.removeItem("theme");
	else localStorage.setItem("theme", t);
	remember();
}

/** remember applies the choice to the page. */
export function remember(): void {
	document.documentElement.dataset["theme"] = theme();
}
