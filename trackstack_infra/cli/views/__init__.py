"""How results look: tables, trees and lines for people; documents for programs."""
