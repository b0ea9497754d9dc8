/**
 * An index of which parts of texts contain which three bytes, so that a search reads only parts that can match. A text
 * is cut at line ends into units of about {@link ai.postdev.dragon.lake.code.ngram.SegmentBuilder#UNIT_BYTES}; a match
 * lies within a line, therefore within a unit. Texts come in immutable segments that are merged as they grow old, as in
 * a log-structured tree; readers hold a {@link ai.postdev.dragon.lake.code.ngram.NgramView} that never changes.
 *
 * <p>Trigrams of plain bytes and 4 KB units were chosen by measurement over 480 MB of Java, Go and Python: folding case
 * saved 17 % of the index and doubled what {@code [A-Z]_TIMEOUT} reads; four-byte grams over 64 classes of characters
 * cost 1.7 times as much and read as much for most queries; whole documents as units cost half as much and made common
 * expressions read ten times as much.
 *
 * <p>Source: Russ Cox, "Regular Expression Matching with a Trigram Index".
 */
package ai.postdev.dragon.lake.code.ngram;
