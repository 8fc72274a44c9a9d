// Light or dark: as the system, unless the person has chosen.

export type Theme = "system" | "light" | "dark";

export function theme(): Theme {
	try {
		return (localStorage.getItem("theme") as Theme | null) ?? "system";
	} catch {
		return "system"; // a saved page may not remember
	}
}

export function setTheme(t: Theme): void {
	document.documentElement.dataset["theme"] = t;
	try {
		if (t === "system") localStorage.removeItem("theme");
		else localStorage.setItem("theme", t);
	} catch {
		// it holds until the page is closed
	}
}

/** remember applies the choice to the page. */
export function remember(): void {
	document.documentElement.dataset["theme"] = theme();
}
