/**
 * The Open Inference Protocol, version 2, as JSON: what a request may hold, and how an answer is
 * written. Begin with {@link io.millrace.serving.protocol.InferRequest}.
 *
 * <p>Whatever a request contains, reading it ends with a value or with a {@link
 * io.millrace.serving.protocol.RequestException} of one line. Whole numbers are read from their
 * digits, never through a double, so int64 ids stay exact.
 */
package io.millrace.serving.protocol;
