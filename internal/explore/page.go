package explore

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:generate go -C build run . ..

// page holds the built page.
//
//go:embed page
var page embed.FS

// pages serves the embedded files. Links of the page, which name a path of the model, get the page
// itself.
func pages(assets fs.FS) http.Handler {
	files := http.FileServerFS(assets)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/t/") {
			http.ServeFileFS(w, r, assets, "index.html")
			return
		}
		if r.URL.Path == "/icon.svg" {
			w.Header().Set("Cache-Control", "max-age=3600") // else browsers fetch it with each step, as the address changes
		}
		files.ServeHTTP(w, r)
	})
}
