/**
 * Answers that are kept, up to a number of bytes: {@link io.millrace.serving.cache.AnswerCache}.
 * Caffeine does the work; a key is compared in full, never by its hash alone.
 */
package io.millrace.serving.cache;
