/** The history store: what happened, when, and whether something like it happened before. */
package ai.postdev.dragon.lake.history;
