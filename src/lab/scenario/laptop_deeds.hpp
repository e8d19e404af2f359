// SPDX-License-Identifier: Apache-2.0
// What a scenario does with laptops: one is stolen and used, and others are only missed, replaced, or far
// from home.
#pragma once

#include "lab/edge/remote_work.hpp"
#include "lab/mail/post.hpp"
#include "lab/scenario/cast.hpp"

namespace ward::lab {

/// Borrows all of them.
class LaptopDeeds {
public:
    LaptopDeeds(Story& story, RemoteWork& work, Post& post)
        : story_(story), work_(work), post_(post), dice_(story.dice("laptop deeds")) {}

    /// Whoever has it now uses it by its owner's account, before and after the owner tells of the theft.
    Result<> steal(const Cast& cast);
    /// Its owner works late, where they are.
    Result<> work_from_outside(const Cast& cast);
    /// Its owner tells that it is gone, finds it, and works with it again.
    Result<> miss(const Cast& cast);
    /// Its owner tells that it is gone, and works with a new one.
    Result<> replace(const Cast& cast);

private:
    Result<Laptop> laptop_of(const Cast& cast);
    void write(const Laptop& laptop, Theme theme, Moment at, std::uint32_t label);
    void plan_sittings(const Cast& cast, Sitting sitting, Moment first);

    Story& story_;
    RemoteWork& work_;
    Post& post_;
    Dice dice_;
};

}   // namespace ward::lab
