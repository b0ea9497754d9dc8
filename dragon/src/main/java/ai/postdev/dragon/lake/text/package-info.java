/**
 * Ranked text over code: an identifier-aware analyzer and a near-real-time Lucene index of passages. Plain engines; no
 * actor knows of Lucene.
 */
package ai.postdev.dragon.lake.text;
