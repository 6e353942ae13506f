/**
 * Collectives over TCP.
 *
 * <p>Begin with {@link io.millrace.ranks.ring.RingListener}, which makes a {@link
 * io.millrace.ranks.ring.RingCollective}: the operations. {@code Neighbours} has the exchange of
 * frames, signs of life and failures below them.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Each connection has a reading and a writing thread.</b> With one thread, all ranks of a
 *       ring may write at the same time and none reads. A hand-over costs some 20 microseconds a
 *       chunk, which a step of training does not notice. Blocking sockets also make TLS a matter of
 *       another socket factory.
 *   <li><b>No virtual threads.</b> Ranks may share a process with an engine, as the tasks of Spark
 *       do. A virtual thread only runs while one of a few carriers is free, and code that is pinned
 *       or computes holds them for as long as it likes.
 *   <li><b>Dead, slow and stuck are three things.</b> Signs of life come from a thread of their
 *       own, so silence means that the process is stopped, has ended, or cannot be reached. A rank
 *       that lives but does not come to an operation has a limit of its own, which is long, because
 *       an evaluation may take long.
 *   <li><b>Frames say what they are</b> (rank, operation, step, size) and have a CRC32C, so ranks
 *       that do different things fail at once, with both places named, where they would otherwise
 *       add up the wrong values.
 * </ul>
 */
package io.millrace.ranks.ring;
