/*
 * What `bench slicer` measures the row gather against. Compiled on the spot, for the very machine.
 * Row i of the output is row ids[i] of a matrix of rows of row_bytes; ids are not checked.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

/* What SALIENT's slicer and torch's index_select do: a plain loop into memory that is fresh each time; NULL if there is none. */
char *fresh_gather(const char *rows, int64_t row_bytes, const int32_t *ids, int64_t count) {
  void *out;
  if (posix_memalign(&out, LINE_BYTES, (size_t)(count * row_bytes)) != 0) {
    return NULL;
  }
  for (int64_t i = 0; i < count; i++) {
    memcpy((char *)out + i * row_bytes, rows + ids[i] * row_bytes, row_bytes);
  }
  return out;
}

void drop(char *out) {
  free(out);
}
