/**
 * The processes of a training that the command shares: it starts those on this machine, or joins
 * those that were started on others.
 *
 * <p>Begin with {@link io.millrace.cli.ranks.ProcessOptions}; {@link
 * io.millrace.cli.ranks.RankOptions} has what {@code train} adds to it.
 *
 * <p>Decision: <b>a local rank gets what it needs through its standard input</b>, the secret among
 * it, which therefore is in no list of processes. The stream is also its lifeline: it ends when the
 * command that has started it does, however that ends, and then the rank ends, too.
 */
package io.millrace.cli.ranks;
