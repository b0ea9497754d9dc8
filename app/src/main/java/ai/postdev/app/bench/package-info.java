/** Measurements that a user can repeat: {@code postdevai bench …}. They run the product's own engines in this process. */
package ai.postdev.app.bench;
