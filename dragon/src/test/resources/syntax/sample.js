'use strict';
const http = require('http');
import fs, { read } from 'node:fs';

var app = exports = module.exports = {};

app.use = function use(fn) {
  return fn;
};

Router.prototype.handle = function (req) {};

exports.create = () => new App();

module.exports = {
  start() { return 1; },
  stop: function () {},
  port: 80,
};

class Queue extends List {
  #items = [];
  size = 0;
  static of(...xs) { return new Queue(); }
  constructor() { super(); }
}

function* ids() { yield 1; }

(function () {
  function hidden() {}
  describe('x', () => {
    const helper = () => 1;
    const value = 2;
  });
})();
