package io.millrace.transfer.trace;

/**
 * A thread was in a stage for some time.
 *
 * @param track the thread's name in the trace: {@code worker 0}, {@code consumer}
 * @param batch the number of the batch in its epoch, or -1
 * @param beginNanos since the trace began
 */
public record Span(String track, Stage stage, int batch, long beginNanos, long wallNanos) {}
