package extract

import (
	"bytes"
	"encoding/binary"

	"stanch/rules"
)

// walkLocals checks that the local headers, in the order in which they lie, say what the directory says, and that together
// with their data they fill the file from its start to the directory. What lies between is searched for further headers.
func (z *zipFile) walkLocals(directory int64) {
	position := z.start
	if z.start > 0 {
		z.walkGap(0, z.start)
	}
	order := z.byOffset()
	for i, index := range order {
		if !z.meter.ok() {
			return
		}
		next := directory
		if i+1 < len(order) {
			next = min(next, z.entries[order[i+1]].offset)
		}
		offset := z.entries[index].offset
		if offset != position {
			z.damaged = true
			if offset > position {
				z.walkGap(position, min(offset, directory))
			}
		}
		position = max(position, z.checkLocal(index, next))
	}
	if position != directory {
		z.damaged = true
		if position < directory {
			z.walkGap(position, directory)
		}
	}
}

// checkLocal compares one local header with its entry and returns where the next one should start.
func (z *zipFile) checkLocal(index int, next int64) int64 {
	e := &z.entries[index]
	local, end, ok := z.localEntry(e.offset)
	if !ok {
		z.damaged = true
		return e.offset
	}
	e.data = end
	if local.name != e.name || local.method != e.method ||
		(local.flags^e.flags)&(zipFlagEncrypted|zipFlagDescriptor) != 0 {
		z.damaged = true
	}
	streamed := e.flags&zipFlagDescriptor != 0
	agrees := func(local, central int64) bool { return local == central || streamed && (local == 0 || local == zip64) }
	if !agrees(local.packed, e.packed) || !agrees(local.unpacked, e.unpacked) || !agrees(int64(local.crc), int64(e.crc)) {
		z.damaged = true
	}
	end += e.packed
	if end < e.data || end > z.size {
		z.damaged = true
		return e.data
	}
	if streamed {
		end += z.descriptorLength(e, end, next)
	}
	return end
}

// descriptorLength finds out which of the data descriptor's four shapes stands at position: with or without a signature, with
// sizes of 4 or 8 bytes (APPNOTE.TXT 4.3.9). It returns 0 when none does.
func (z *zipFile) descriptorLength(e *zipEntry, position, next int64) int64 {
	var raw [24]byte
	n, _ := z.file.ReadAt(raw[:], position)
	for _, signed := range []int{4, 0} {
		for _, width := range []int{4, 8} {
			length := signed + 4 + 2*width
			if length > n || position+int64(length) > next {
				continue
			}
			d := raw[:length]
			if signed > 0 && binary.LittleEndian.Uint32(d) != zipDescriptorSignature {
				continue
			}
			d = d[signed:]
			var packed, unpacked int64
			if width == 4 {
				packed, unpacked = int64(binary.LittleEndian.Uint32(d[4:])), int64(binary.LittleEndian.Uint32(d[8:]))
			} else {
				packed, unpacked = int64(binary.LittleEndian.Uint64(d[4:])), int64(binary.LittleEndian.Uint64(d[12:]))
			}
			if binary.LittleEndian.Uint32(d) == e.crc && packed == e.packed && unpacked == e.unpacked {
				return int64(length)
			}
		}
	}
	if position == next { // announced, but left out: some producers do
		return 0
	}
	z.damaged = true
	return 0
}

// localEntry reads the local header at offset and returns where its data start.
func (z *zipFile) localEntry(offset int64) (e zipEntry, data int64, ok bool) {
	var header [zipLocalLength]byte
	if offset < 0 || offset > z.size-zipLocalLength {
		return e, 0, false
	}
	if _, err := z.file.ReadAt(header[:], offset); err != nil || binary.LittleEndian.Uint32(header[:]) != zipLocalSignature {
		return e, 0, false
	}
	name := int(binary.LittleEndian.Uint16(header[26:]))
	variable := make([]byte, name+int(binary.LittleEndian.Uint16(header[28:])))
	if _, err := z.file.ReadAt(variable, offset+zipLocalLength); err != nil && len(variable) > 0 {
		return e, 0, false
	}
	e = zipEntry{
		flags:    binary.LittleEndian.Uint16(header[6:]),
		method:   binary.LittleEndian.Uint16(header[8:]),
		crc:      binary.LittleEndian.Uint32(header[14:]),
		packed:   int64(binary.LittleEndian.Uint32(header[18:])),
		unpacked: int64(binary.LittleEndian.Uint32(header[22:])),
		offset:   offset,
	}
	e.name = zipText(variable[:name], e.flags)
	widen(variable[name:], &e.unpacked, &e.packed)
	return e, offset + zipLocalLength + int64(len(variable)), true
}

// walkGap looks for local headers where the directory lists none, so that their members are read nevertheless.
func (z *zipFile) walkGap(from, to int64) {
	const step = 32 << 10
	buffer := make([]byte, step+3)
	for from < to && z.meter.ok() {
		n, _ := z.file.ReadAt(buffer[:min(int64(len(buffer)), to-from)], from)
		if n < 4 {
			return
		}
		at := bytes.Index(buffer[:n], []byte("PK\x03\x04"))
		if at < 0 {
			from += int64(max(n-3, 1))
			continue
		}
		from += int64(at)
		e, data, ok := z.localEntry(from)
		if !ok || data > to {
			from += 4
			continue
		}
		if !z.meter.entry() {
			return
		}
		e.unlisted, e.data = true, data
		if e.flags&zipFlagDescriptor != 0 && e.packed == 0 || e.packed < 0 || e.packed > to-data {
			e.packed = to - data // unknown: the coding tells where it ends
			e.unpacked = -1
		}
		z.damaged = true
		z.add(e)
		from = data
		if e.unpacked >= 0 {
			from += e.packed
		}
	}
}

// state is the archive's own outcome, apart from its members'.
func (z *zipFile) state() rules.Reason {
	switch {
	case z.meter.reason != rules.NoReason:
		return z.meter.reason
	case z.damaged:
		return rules.Corrupt
	}
	return rules.NoReason
}
