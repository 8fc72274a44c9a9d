module github.com/allways-go/allways

go 1.26
