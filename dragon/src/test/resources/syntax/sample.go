package web

import "fmt"
import (
	str "strings"
	"net/http"
)

const Version = "1"

const (
	A, B = iota, 2
	C = 3
)

var ErrGone = fmt.Errorf("gone")

// Server serves.
type Server struct {
	http.Handler
	Addr, Host string
}

type Store[K comparable] interface {
	Get(key K) string
	fmt.Stringer
}

type (
	ID    int
	Names = []string
)

func (s *Server) Start() error {
	local := 1
	return nil
}

func (s Stack[T]) Push(v T) {}

func New(addr string) *Server { return &Server{} }
