/*
 * What `bench slicer` measures the row gather against. Compiled on the spot, for the very machine.
 * Row i of the output is row ids[i] of a matrix of rows of row_bytes; ids are not checked.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define AHEAD 12
#define LINE_BYTES 64
#define INTO_L2 2

/* A plain loop that asks for the row 12 places on, into a buffer of the caller's. */
void prefetch_gather(const char *rows, int64_t row_bytes, const int32_t *ids, int64_t count, char *out) {
  for (int64_t i = 0; i < count; i++) {
    if (i + AHEAD < count) {
      const char *ahead = rows + ids[i + AHEAD] * row_bytes;
      for (int64_t b = 0; b < row_bytes; b += LINE_BYTES) {
        __builtin_prefetch(ahead + b, 0, INTO_L2);
      }
      __builtin_prefetch(ahead + row_bytes - 1, 0, INTO_L2);
    }
    memcpy(out + i * row_bytes, rows + ids[i] * row_bytes, row_bytes);
  }
}

/* A plain loop into a buffer of the caller's. */
void plain_gather(const char *rows, int64_t row_bytes, const int32_t *ids, int64_t count, char *out) {
  for (int64_t i = 0; i < count; i++) {
    memcpy(out + i * row_bytes, rows + ids[i] * row_bytes, row_bytes);
  }
}

/* A plain loop into memory that comes from the system and goes back to it; NULL if there is none. */
char *fresh_gather(const char *rows, int64_t row_bytes, const int32_t *ids, int64_t count) {
  char *out = mmap(NULL, (size_t)(count * row_bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (out == MAP_FAILED) {
    return NULL;
  }
  plain_gather(rows, row_bytes, ids, count, out);
  return out;
}

void drop(char *out, int64_t bytes) {
  munmap(out, (size_t)bytes);
}
