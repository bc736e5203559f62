import fc from 'fast-check';
import { chanceSeed } from './chance.js';

// Properties try the same cases in every run with the same seed.
fc.configureGlobal({ seed: chanceSeed() });
