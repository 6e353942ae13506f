/**
 * {@code millrace bench serve}: a server under load. Begin with {@link
 * io.millrace.bench.serve.ServeContest}.
 *
 * <p>The load is open: when each request is sent was drawn before, as a Poisson process, whatever
 * the server does. Its latency counts from then on. A generator that waits for answers before it
 * sends more would not notice that a server falls behind.
 */
package io.millrace.bench.serve;
