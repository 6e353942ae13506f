/**
 * Rows of memory that a rank asks another for: requests and answers over TCP, next to a collective.
 *
 * <p>Begin with {@link io.millrace.ranks.rows.RowExchange}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Every rank has a connection to each other one</b>, and a thread of the owner answers
 *       each. A request never waits for what the owner computes.
 *   <li><b>Answers come in the order of the requests</b>, so they need no numbers, and a rank that
 *       waits for one knows how long it has waited.
 *   <li><b>The secret is new for each exchange</b>: rank 0 draws it and gives it to the others
 *       through the collective, whose members have proved who they are.
 * </ul>
 */
package io.millrace.ranks.rows;
