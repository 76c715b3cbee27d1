// Package budget counts distinct people over time: whose data one client, one route or everybody has read.
package budget
