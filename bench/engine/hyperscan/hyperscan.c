/* hyperscan PATTERNS TEXT MILLISECONDS: prints how many bytes of TEXT Hyperscan scans in one CPU second, in block mode
 * without starts of matches (its fastest), and how many matches it reports. PATTERNS has one expression a line. */
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_PATTERNS 1024

static int count_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *count) {
	(void)id; (void)from; (void)to; (void)flags;
	++*(unsigned long long *)count;
	return 0;
}

static double cpu_seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static char *read_file(const char *name, long *size) {
	FILE *file = fopen(name, "rb");
	if (!file) { perror(name); exit(1); }
	fseek(file, 0, SEEK_END);
	*size = ftell(file);
	rewind(file);
	char *content = malloc(*size + 1);
	if (!content || fread(content, 1, *size, file) != (size_t)*size) { perror(name); exit(1); }
	content[*size] = 0;
	fclose(file);
	return content;
}

int main(int argc, char **argv) {
	if (argc != 4) { fprintf(stderr, "usage: hyperscan PATTERNS TEXT MILLISECONDS\n"); return 2; }
	static const char *patterns[MAX_PATTERNS];
	static unsigned ids[MAX_PATTERNS], flags[MAX_PATTERNS];
	long size;
	unsigned count = 0;
	for (char *line = strtok(read_file(argv[1], &size), "\n"); line && count < MAX_PATTERNS; line = strtok(NULL, "\n")) {
		patterns[count] = line;
		ids[count] = count;
		count++;
	}
	hs_database_t *database;
	hs_compile_error_t *problem;
	if (hs_compile_multi(patterns, flags, ids, count, HS_MODE_BLOCK, NULL, &database, &problem) != HS_SUCCESS) {
		fprintf(stderr, "pattern %d: %s\n", problem->expression, problem->message);
		return 1;
	}
	hs_scratch_t *scratch = NULL;
	if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) { fprintf(stderr, "no scratch\n"); return 1; }
	char *text = read_file(argv[2], &size);
	double limit = atof(argv[3]) / 1000, begin = cpu_seconds(), spent;
	double scanned = 0;
	unsigned long long matches;
	do {
		matches = 0;
		hs_scan(database, text, size, 0, scratch, count_match, &matches);
		scanned += size;
		spent = cpu_seconds() - begin;
	} while (spent < limit);
	printf("%.0f %llu\n", scanned / spent, matches);
	return 0;
}
