/*
 * Row gather: row i of the output is row ids[i] of a matrix [num_rows x row_bytes], row-major.
 *
 * The rows lie at random places, so each costs some cache misses, and a core that meets them one row after the other waits
 * for each. Asking for the row that is AHEAD places further on, before copying the current one, makes the misses overlap.
 * A prefetch of any address is harmless: it cannot fault.
 *
 * The functions work on places begin..end-1 of ids[count], so that a caller can cut a batch into short calls without losing
 * the look-ahead at the seams. They return end, or the first place whose id is not that of a row: there they stop. rows and
 * out may have any alignment and must not overlap. Thread-safe; they keep no state. Compiled for the plain architecture:
 * what needs more than that carries a target attribute and is called only where the CPU has it. Called by GatherKernel.java.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

#define AHEAD 12           /* rows; between 8 and 24 the speed is the same */
#define PREFETCH_BYTES 512 /* of a row; what follows, the CPU fetches by itself, and asking for it costs more than it gains */
#define LINE_BYTES 64
#define INTO_L2 2          /* the first-level cache waits for some 20 lines at a time, the second for twice as many: 1.4 times as fast */

INLINE void prefetch_row(const char *row, size_t row_bytes) {
  uintptr_t end = (uintptr_t)row + (row_bytes < PREFETCH_BYTES ? row_bytes : PREFETCH_BYTES);
  for (uintptr_t line = (uintptr_t)row & ~(uintptr_t)(LINE_BYTES - 1); line < end; line += LINE_BYTES) {
    __builtin_prefetch((const void *)line, 0, INTO_L2);
  }
}

/* move copies one row, of row_bytes in the matrix and out_bytes in the output. */
INLINE int64_t gather(const char *rows, size_t row_bytes, int64_t num_rows, const int32_t *ids, int64_t begin, int64_t end,
                      int64_t count, char *out, size_t out_bytes, void (*move)(const char *row, size_t row_bytes, char *out)) {
  for (int64_t i = begin; i < end; i++) {
    if (i + AHEAD < count) {
      prefetch_row((const char *)((uintptr_t)rows + (uint32_t)ids[i + AHEAD] * row_bytes), row_bytes);
    }
    if (ids[i] < 0 || ids[i] >= num_rows) {
      return i;
    }
    move(rows + (size_t)ids[i] * row_bytes, row_bytes, out + (size_t)i * out_bytes);
  }
  return end;
}

INLINE void copy_row(const char *row, size_t row_bytes, char *out) {
  memcpy(out, row, row_bytes);
}

/* Rows as they are, of any size in bytes. */
EXPORT int64_t millrace_gather(const char *rows, int64_t row_bytes, int64_t num_rows, const int32_t *ids, int64_t begin,
                               int64_t end, int64_t count, char *out) {
  return gather(rows, (size_t)row_bytes, num_rows, ids, begin, end, count, out, (size_t)row_bytes, copy_row);
}

typedef uint16_t unaligned_half __attribute__((aligned(1), may_alias));
typedef float unaligned_float __attribute__((aligned(1), may_alias));

/*
 * float16 to float32, exactly: the mantissa moves up by 13 bits and the exponent's bias grows by 127 - 15 = 112. Exponent 31
 * (infinite, NaN) becomes 255 when 112 is added once more. Exponent 0 (zero, subnormal) counts as 1 without the leading 1:
 * with exponent 113 the number is normal, and that leading 1, which is 2^-14, is subtracted. Masks instead of branches, so
 * that compilers make vector code of it.
 */
INLINE float widen_value(uint16_t half) {
#if defined(__aarch64__)
  __fp16 value;
  memcpy(&value, &half, sizeof value);
  return (float)value;
#else
  uint32_t bits = (uint32_t)(half & 0x7fff) << 13;
  uint32_t exponent = bits >> 23;
  uint32_t special = -(uint32_t)(exponent == 31);
  uint32_t large = bits + (112u << 23) + ((112u << 23) & special);
  uint32_t small = bits + (113u << 23);
  float value;
  memcpy(&value, &small, sizeof value);
  value -= 0x1p-14f;
  memcpy(&small, &value, sizeof value);
  uint32_t tiny = -(uint32_t)(exponent == 0);
  uint32_t result = (small & tiny) | (large & ~tiny) | (uint32_t)(half & 0x8000) << 16;
  memcpy(&value, &result, sizeof value);
  return value;
#endif
}

INLINE void widen_row(const char *row, size_t row_bytes, char *out) {
  const unaligned_half *halves = (const unaligned_half *)row;
  unaligned_float *values = (unaligned_float *)out;
  for (size_t c = 0; c < row_bytes / 2; c++) {
    values[c] = widen_value(halves[c]);
  }
}

/* Rows of row_bytes / 2 float16 values, widened to float32. On any CPU. */
EXPORT int64_t millrace_gather_widen(const char *rows, int64_t row_bytes, int64_t num_rows, const int32_t *ids, int64_t begin,
                                     int64_t end, int64_t count, char *out) {
  return gather(rows, (size_t)row_bytes, num_rows, ids, begin, end, count, out, (size_t)row_bytes * 2, widen_row);
}

#if defined(__x86_64__)
/* x86-64 alone has no float16: the instructions came with F16C (2012), in 256-bit registers, which the system must save. */
EXPORT int32_t millrace_has_f16c(void) {
  unsigned int eax, ebx, ecx = 0, edx;
  return __builtin_cpu_supports("avx") && __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C) != 0;
}

INLINE __attribute__((target("avx,f16c"))) void widen_row_f16c(const char *row, size_t row_bytes, char *out) {
  const unaligned_half *halves = (const unaligned_half *)row;
  unaligned_float *values = (unaligned_float *)out;
  size_t dim = row_bytes / 2;
  size_t c = 0;
  for (; c + 8 <= dim; c += 8) {
    _mm256_storeu_ps((float *)(values + c), _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(halves + c))));
  }
  for (; c < dim; c++) {
    values[c] = _cvtsh_ss(halves[c]);
  }
}

/* As millrace_gather_widen, only where millrace_has_f16c. */
EXPORT __attribute__((target("avx,f16c"))) int64_t millrace_gather_widen_f16c(
    const char *rows, int64_t row_bytes, int64_t num_rows, const int32_t *ids, int64_t begin, int64_t end, int64_t count,
    char *out) {
  return gather(rows, (size_t)row_bytes, num_rows, ids, begin, end, count, out, (size_t)row_bytes * 2, widen_row_f16c);
}
#endif
