import { render } from "preact";
import { saved, setToken } from "./api.ts";
import { App } from "./app.tsx";
import { Shared } from "./hooks.ts";
import { bind } from "./keys.ts";
import { Store } from "./store.ts";
import { remember } from "./theme.ts";

if (!saved()) {
	const held = new URLSearchParams(location.hash.slice(1)).get("token") ?? sessionStorage.getItem("token");
	if (held) {
		setToken(held);
		sessionStorage.setItem("token", held); // so that it survives a reload
		if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
	}
}
remember();

const store = new Store();
bind(store);
render(
	<Shared.Provider value={store}>
		<App />
	</Shared.Provider>,
	document.getElementById("app")!,
);
store.start().catch((e) => store.fail(e));
