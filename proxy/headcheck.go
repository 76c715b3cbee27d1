package proxy

import "net"

type checkedListener struct{ net.Listener }
