/**
 * Line patterns: regular expressions in the syntax of Rust's regex crate, answered line by line exactly as ripgrep does
 * by default. Which lines match is all that is asked, so the engine is a lazily built automaton over classes of code
 * points: time is linear in the text for every pattern, and memory is bounded.
 *
 * <p>Sources: Russ Cox, "Regular Expression Matching in the Wild" (lazy automaton, look-around as flags of a state);
 * the regex-syntax crate's documentation (syntax and Unicode rules); the memchr crate (packed pairs).
 */
package ai.postdev.dragon.lake.code.pattern;
